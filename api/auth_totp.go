package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// TOTPRequest asks for a second factor.
type TOTPRequest struct {
	Password string `json:"password" validate:"required" format:"password" example:"a long pass phrase"`
}

// TOTPDisableRequest turns a second factor off.
type TOTPDisableRequest struct {
	Password string `json:"password" validate:"required" format:"password" example:"a long pass phrase"`
	// From the app, or a recovery code.
	Code string `json:"code" validate:"required" example:"287082"`
}

// CodeRequest is a code of a second factor.
type CodeRequest struct {
	Code string `json:"code" validate:"required" example:"287082"`
}

// TOTPOffer is what an authenticator app needs (RFC 6238: SHA-1, 6 digits, 30 seconds). It is shown this once.
type TOTPOffer struct {
	// In base32, to be typed.
	Secret string `json:"secret" example:"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"`
	// To be shown as a QR code.
	URI string `json:"uri" format:"uri" example:"otpauth://totp/Nashr:editor@nashr.example?algorithm=SHA1&digits=6&issuer=Nashr&period=30&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"`
}

// RecoveryCodes stand in for a lost second factor. They are shown this once.
type RecoveryCodes struct {
	// Each is good once, as the code of a sign-in.
	RecoveryCodes []string `json:"recovery_codes" example:"mfrg-gzdf-mztw-q2lk"`
}

// offerTOTP begins to set up a second factor.
//
// @Summary     Set up a second factor
// @Description Gives a secret for an authenticator app. It does not count before a code of it is confirmed; asking again gives another
// @Description secret. Who has a second factor must turn it off first (invalid_transition).
// @ID          offerTOTP
// @Tags        auth
// @Security    BearerAuth
// @Param       body body TOTPRequest true "Your password"
// @Success     200 {object} Data[TOTPOffer]
// @Failure     403,409,429 {object} Problem
// @Router      /v1/auth/totp [post]
func (h signIn) offerTOTP(c echo.Context) error {
	var in TOTPRequest
	if err := readBody(c, &in); err != nil {
		return err
	}
	secret, uri, err := h.accounts.OfferTOTP(c.Request().Context(), actor(c), c.RealIP(), in.Password)
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[TOTPOffer]{TOTPOffer{Secret: secret, URI: uri}})
}

// confirmTOTP turns a second factor on.
//
// @Summary     Turn the second factor on
// @Description Needs a code of the secret that was offered last. From now on signing in needs one too. Keep the recovery codes.
// @ID          confirmTOTP
// @Tags        auth
// @Security    BearerAuth
// @Param       body body CodeRequest true "A code from the app"
// @Success     200 {object} Data[RecoveryCodes]
// @Failure     403,409,429 {object} Problem
// @Router      /v1/auth/totp/confirm [post]
func (h signIn) confirmTOTP(c echo.Context) error {
	var in CodeRequest
	if err := readBody(c, &in); err != nil {
		return err
	}
	codes, err := h.accounts.ConfirmTOTP(c.Request().Context(), actor(c), c.RealIP(), in.Code)
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[RecoveryCodes]{RecoveryCodes{codes}})
}

// renewRecoveryCodes gives other recovery codes.
//
// @Summary     Get new recovery codes
// @Description Voids the former ones. Needs a code from the app, or one of the former recovery codes.
// @ID          renewRecoveryCodes
// @Tags        auth
// @Security    BearerAuth
// @Param       body body CodeRequest true "A code"
// @Success     200 {object} Data[RecoveryCodes]
// @Failure     403,409,429 {object} Problem
// @Router      /v1/auth/totp/recovery-codes [post]
func (h signIn) renewRecoveryCodes(c echo.Context) error {
	var in CodeRequest
	if err := readBody(c, &in); err != nil {
		return err
	}
	codes, err := h.accounts.RenewRecoveryCodes(c.Request().Context(), actor(c), c.RealIP(), in.Code)
	if err != nil {
		return err
	}
	return private(c, http.StatusOK, Data[RecoveryCodes]{RecoveryCodes{codes}})
}

// disableTOTP turns a second factor off.
//
// @Summary     Turn the second factor off
// @Description Needs the password and a code. Who has lost both app and recovery codes asks an admin.
// @ID          disableTOTP
// @Tags        auth
// @Security    BearerAuth
// @Param       body body TOTPDisableRequest true "Password and code"
// @Success     204
// @Failure     403,409,429 {object} Problem
// @Router      /v1/auth/totp/disable [post]
func (h signIn) disableTOTP(c echo.Context) error {
	var in TOTPDisableRequest
	if err := readBody(c, &in); err != nil {
		return err
	}
	if err := h.accounts.DropTOTP(c.Request().Context(), actor(c), c.RealIP(), in.Password, in.Code); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
