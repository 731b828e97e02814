package api

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/nashr-cms/nashr/internal/store"
)

// ArchiveYear is a year in which articles were published.
type ArchiveYear struct {
	Year   int            `json:"year" example:"2026"`
	Count  int64          `json:"count" minimum:"1" example:"3120"`
	Months []ArchiveMonth `json:"months"`
}

// ArchiveMonth is a month in which articles were published.
type ArchiveMonth struct {
	// From 1.
	Month int          `json:"month" minimum:"1" maximum:"12" example:"3"`
	Count int64        `json:"count" minimum:"1" example:"310"`
	Days  []ArchiveDay `json:"days"`
}

// ArchiveDay is a day on which articles were published.
type ArchiveDay struct {
	Day int `json:"day" minimum:"1" maximum:"31" example:"6"`
	// The same day, ready for from and to of the list of articles.
	Date  string `json:"date" format:"date" example:"2026-03-06"`
	Count int64  `json:"count" minimum:"1" example:"12"`
}

// getArchive counts what was published when.
//
// @Summary     Count articles by day
// @Description How many live articles were published in each year, month and day of the site's time zone, the newest first. Days without
// @Description any are left out. All filters of the list of articles are possible.
// @ID          getArchive
// @Tags        content
// @Param       query query ArticleFilter false "filters"
// @Success     200 {object} Data[[]ArchiveYear]
// @Header      200 {string} ETag "x"
// @Success     304
// @Router      /v1/content/archive [get]
func (h content) getArchive(c echo.Context) error {
	q := queryOf(c)
	filter, _ := h.filter(q)
	if err := q.err(); err != nil {
		return err
	}
	return h.answer(c, func(view store.LiveView) (any, error) {
		days, err := view.Days(filter, h.zone)
		return Data[[]ArchiveYear]{archive(days)}, err
	})
}

// archive arranges counts by day, as 2006-01-02.
func archive(days map[string]int64) []ArchiveYear {
	years := []ArchiveYear{}
	for _, date := range slices.SortedFunc(maps.Keys(days), func(a, b string) int { return cmp.Compare(b, a) }) {
		year, month, day, n := number(date[:4]), number(date[5:7]), number(date[8:]), days[date]
		if len(years) == 0 || years[len(years)-1].Year != year {
			years = append(years, ArchiveYear{Year: year})
		}
		y := &years[len(years)-1]
		if len(y.Months) == 0 || y.Months[len(y.Months)-1].Month != month {
			y.Months = append(y.Months, ArchiveMonth{Month: month})
		}
		m := &y.Months[len(y.Months)-1]
		m.Days = append(m.Days, ArchiveDay{Day: day, Date: date, Count: n})
		y.Count, m.Count = y.Count+n, m.Count+n
	}
	return years
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // they are digits
	return n
}
