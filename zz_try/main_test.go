package zz
import ("testing";"fmt";"time";"strings";"math/rand/v2";"os";"log/slog";"context";"encoding/json"
"github.com/google/uuid"
"github.com/nashr-cms/nashr/internal/store"
"github.com/nashr-cms/nashr/internal/search"
"github.com/nashr-cms/nashr/internal/newsroom"
)
func word(n uint64) string {
	c:=strings.Fields("b v g d j z k l m n p r s t f x ch sh q h"); v:=strings.Fields("a e i o u")
	r:=rand.New(rand.NewPCG(n,7)); var b strings.Builder
	k:=1+r.IntN(3); if n<50 {k=1}
	for range k { b.WriteString(c[r.IntN(len(c))]+v[r.IntN(5)]) }
	b.WriteString(c[r.IntN(len(c))])
	return b.String()+fmt.Sprint("")
}
func TestFill(t *testing.T){
 url:=os.Getenv("DBURL"); N:=0; fmt.Sscan(os.Getenv("N"),&N)
 ctx:=context.Background()
 s,err:=store.Open(ctx,url,slog.New(slog.DiscardHandler)); if err!=nil{t.Fatal(err)}
 if _,err:=s.MigrateUp(ctx);err!=nil{t.Fatal(err)}
 s.ForgoDurability(ctx)
 now:=time.Date(2026,3,1,0,0,0,0,time.UTC)
 u:=newsroom.User{ID:uuid.Must(uuid.NewV7()),Email:fmt.Sprintf("a%d@x.example",time.Now().UnixNano()),Name:"a",Role:newsroom.RoleAdmin,PasswordHash:"x",CreatedAt:now,UpdatedAt:now,Version:1}
 if err:=s.Write(ctx,func(tx *store.Tx)error{return tx.CreateUser(&u)});err!=nil{t.Fatal(err)}
 rnd:=rand.New(rand.NewPCG(1,2)); z:=rand.NewZipf(rnd,1.08,8,60000)
 langs:=[]string{"en","ru","uz-Latn","uz-Cyrl"}
 begin:=time.Now()
 txt:=func(n int)string{ var w []string; for range n { w=append(w,word(z.Uint64()))}; return strings.Join(w," ")}
 for i:=0;i<N;{
  err:=s.Write(ctx,func(tx *store.Tx)error{
   for range 500 {
	id:=uuid.Must(uuid.NewV7())
	text:=newsroom.Text{Lang:langs[rnd.IntN(4)],Slug:fmt.Sprintf("s-%d-%d",i,time.Now().UnixNano()),Title:txt(7),Summary:txt(20),Type:"article",Custom:json.RawMessage("{}"),TranslationGroup:uuid.Must(uuid.NewV7()),
	 AuthorIDs:[]uuid.UUID{},TagIDs:[]uuid.UUID{},
	 Body:[]newsroom.Block{{Type:"paragraph",Text:txt(80)},{Type:"paragraph",Text:txt(120)}},WordCount:200}
	at:=now.Add(-time.Duration(rnd.IntN(5*365*24*3600))*time.Second)
	a:=newsroom.Article{ID:id,Text:text,Version:1,Revision:1,CreatedBy:u.ID,CreatedAt:at,UpdatedAt:at,PublishedAt:&at}
	r:=newsroom.Revision{ArticleID:id,Revision:1,Text:text,SavedBy:u.ID,SavedAt:at,Changed:[]string{}}
	if err:=tx.CreateArticle(&a,&r);err!=nil{return err}
	p:=newsroom.Publication{ID:uuid.Must(uuid.NewV7()),ArticleID:id,Revision:1,Text:text,PublishedAt:at,UpdatedAt:at,VisibleFrom:at,PublishedBy:u.ID}
	if err:=tx.CreatePublication(&p);err!=nil{return err}
	i++
   }
   return nil})
  if err!=nil{t.Fatal(err)}
  if i%5000==0 {fmt.Println(i,time.Since(begin))}
 }
 fmt.Println("per article",time.Since(begin)/time.Duration(N))
}
func TestQuery(t *testing.T){
 url:=os.Getenv("DBURL"); ctx:=context.Background()
 s,err:=store.Open(ctx,url,slog.New(slog.DiscardHandler)); if err!=nil{t.Fatal(err)}
 now:=time.Date(2026,3,2,0,0,0,0,time.UTC)
 for _,text:=range []string{word(0)+" ",word(3)+" ",word(60)+" ",word(900)+" ",word(9000)+" ",word(50000)+" ",word(0)+" "+word(1)+" ",word(0)+" "+word(9000)+" ",`"`+word(0)+" "+word(1)+`"`,word(0)+" -"+word(1)+" ",word(700)[:3],word(9000)[:3],"bab","shok","xyzzyq ",word(900)+"w ", word(9000)+"a"+" "+word(1)+" "} {
  q,_:=search.Parse(text)
  for _,total:=range []bool{false,true} {
   for pass:=range 2 {
   b:=time.Now()
   var l store.Listing[store.LiveArticle]
   err:=s.Live().At(ctx,now).Snapshot(func(v store.LiveView)(err error){ l,err=v.Search(q,store.ArticleFilter{},store.Page{Limit:20,Sort:store.ByRelevance,Total:total},false); return })
   if err!=nil{fmt.Println("ERR",text,err);continue}
   n:=int64(-1); if l.Total!=nil{n=*l.Total}
   if pass==1 {fmt.Printf("%-30q total=%-5v %4d of %6d %v\n",text,total,len(l.Items),n,time.Since(b))}
   if pass==1&&total&&n==0 { b:=time.Now(); var sg string; s.Live().At(ctx,now).Snapshot(func(v store.LiveView)(err error){sg,err=v.Suggestion(q,store.ArticleFilter{});return}); fmt.Println("   suggestion",sg,time.Since(b))}
   }
  }
 }
}
