//+------------------------------------------------------------------+
//| LiqBridge.mq5                                                    |
//| Fetches what charts ask for from a liqbands server into          |
//| Common\Files\Liqbands, and sends the broker's candles back.      |
//| One per terminal; not needed where `liqbands mt5` runs.          |
//+------------------------------------------------------------------+
#property service
#property copyright   "liqbands contributors"
#property version     "1.00"
#property description "Allow the server's URL: Tools > Options > Expert Advisors > Allow WebRequest."

#include <Liqbands/Candles.mqh>
#include <Liqbands/Lhm1.mqh>
#include <Liqbands/Publish.mqh>
#include <Liqbands/Web.mqh>
#include <Liqbands/Wishes.mqh>

#define LIQ_INDEX_SECONDS  60
#define LIQ_READ_SECONDS   2
#define LIQ_REFUSED_PAUSE  60
#define LIQ_MOST_CHARTS    200
#define LIQ_FIRST_WAIT_MS  1000
#define LIQ_LONGEST_MS     30000

input group "Server"
input string            InpUrl       = "http://127.0.0.1:8765"; // Address of the liqbands server
input string            InpToken     = "";                      // Access token, where the server wants one
input string            InpFeeds     = "";                      // Beside what charts want: BTCUSD:5m,ETHUSD:1h
input int               InpPollMs    = 1000;                    // Ask every so many milliseconds
input int               InpTimeoutMs = 3000;                    // Wait for an answer, milliseconds
input group "Candles for the server"
input string            InpCandles   = "";                      // Send minutes of: EURUSD.r=EURUSD,GOLD=XAUUSD
input int               InpDays      = 5;                       // Days to send at the start
input ENUM_LIQ_DAYLIGHT InpDaylight  = LIQ_DAYLIGHT_US;         // Daylight saving of the broker's clock

CLiqWeb    g_web;
CLiqWishes g_wishes;
CLiqClock  g_clock;
LiqPair    g_pairs[];
datetime   g_index_at=0;
datetime   g_read_at=0;

void TellCharts(const string feed,const uint seq) {
   long chart=ChartFirst();
   for(int i=0; i<LIQ_MOST_CHARTS && chart>=0; i++) {
      EventChartCustom(chart,LIQ_NEW_FRAME,(long)seq,0.0,feed);
      chart=ChartNext(chart);
   }
}

//--- false when the server was not reached
bool PullIndex(const datetime utc) {
   if(g_index_at>0 && utc>=g_index_at && utc-g_index_at<LIQ_INDEX_SECONDS)
      return(true);
   int status=g_web.Get("/mt5/v1/index");
   if(status==-1)
      return(false);
   g_index_at=utc;
   uchar table[];
   g_web.CopyAnswer(table);
   if(status==200 && CharArrayToString(table,0,ArraySize(table),CP_UTF8)!=LiqReadText("Liqbands\\index.csv"))
      LiqPublish("Liqbands\\index.csv",table);
   return(true);
}

//--- what is wrong with an answer of 200; empty when its frame is in its place
string Place(const int i) {
   uchar bytes[];
   g_web.CopyAnswer(bytes);
   LiqHeader header;
   LiqMore more;
   string why="";
   if(!LiqCheck(bytes,header,more,why))
      return("bad frame of "+g_wishes.m_wishes[i].feed+": "+why);
   string feed=CharArrayToString(header.symbol);
   string file=LiqFrameFile(feed,g_wishes.m_wishes[i].timeframe);
   if(!LiqPublish(file,bytes))
      return(StringFormat("%s cannot be written, error %d",file,GetLastError()));
   g_wishes.m_wishes[i].seq=header.seq;
   g_wishes.m_wishes[i].file=file;
   TellCharts(feed,header.seq);
   return("");
}

//--- false when the server was not reached; one bad feed does not starve the others
bool Pull(const int i,const datetime utc) {
   string file=g_wishes.m_wishes[i].file;
   if(file=="" || !FileIsExist(file,FILE_COMMON))
      g_wishes.m_wishes[i].seq=0;
   int status=g_web.Get("/mt5/v1/frame?symbol="+LiqUrlPart(g_wishes.m_wishes[i].feed)+"&timeframe="
                        +LiqUrlPart(g_wishes.m_wishes[i].timeframe)+"&since="
                        +IntegerToString((long)g_wishes.m_wishes[i].seq));
   if(status==-1)
      return(false);
   string why="";
   if(status==200)
      why=Place(i);
   else
      if(status!=204 && status!=304)
         why=StringFormat("%s %s: HTTP %d %s",g_wishes.m_wishes[i].feed,g_wishes.m_wishes[i].timeframe,status,
                          g_web.Words());
   if(why=="")
      g_wishes.Succeed(i);
   else {
      g_web.Say(why);
      g_wishes.Fail(i,utc);
   }
   return(true);
}

//--- false when the server was not reached
bool Push(const int i,const datetime utc) {
   datetime last=0;
   string text=LiqCandleText(g_pairs[i],g_clock,InpDaylight,InpDays,last);
   if(text=="")
      return(true);
   int status=g_web.Post("/mt5/v1/candles",text);
   if(status==-1)
      return(false);
   if(status==200 || status==204) {
      g_pairs[i].last_bar=last;
      if(status==200)
         g_web.Say("candles of "+g_pairs[i].broker+": "+g_web.Words());
      return(true);
   }
   g_web.Say(StringFormat("candles of %s: HTTP %d %s",g_pairs[i].broker,status,g_web.Words()));
   g_pairs[i].not_before=(datetime)((long)utc+LIQ_REFUSED_PAUSE);
   return(true);
}

//--- false when the server was not reached: then nothing else is tried, or every feed would wait
bool DoRound(void) {
   datetime utc=TimeGMT();
   g_clock.Learn();
   if(utc<g_read_at || utc-g_read_at>=LIQ_READ_SECONDS) {
      g_wishes.Read();
      g_read_at=utc;
   }
   if(!PullIndex(utc))
      return(false);
   for(int i=0; i<ArraySize(g_wishes.m_wishes) && !IsStopped(); i++) {
      if(g_wishes.IsDue(i,utc) && !Pull(i,utc))
         return(false);
   }
   for(int i=0; i<ArraySize(g_pairs) && !IsStopped() && g_clock.IsKnown(); i++) {
      if(utc>=g_pairs[i].not_before && !Push(i,utc))
         return(false);
   }
   return(true);
}

void Wait(const int milliseconds) {
   for(int waited=0; waited<milliseconds && !IsStopped(); waited+=100)
      Sleep(100);
}

void OnStart(void) {
   g_web.Start(InpUrl,InpToken,InpTimeoutMs);
   g_wishes.Keep(InpFeeds);
   g_clock.SetRule(InpDaylight);
   LiqReadPairs(InpCandles,g_pairs);
   for(int i=0; i<ArraySize(g_pairs); i++) {
      if(!SymbolSelect(g_pairs[i].broker,true))
         Print("LiqBridge: this broker has no symbol ",g_pairs[i].broker);
   }
   LiqDeleteLeftovers();
   int normal=(InpPollMs>=200) ? InpPollMs : 200;
   int wait=LIQ_FIRST_WAIT_MS;
   while(!IsStopped()) {
      if(DoRound()) {
         wait=LIQ_FIRST_WAIT_MS;
         Wait(normal);
      }
      else {
         Wait(wait);
         wait=(2*wait<LIQ_LONGEST_MS) ? 2*wait : LIQ_LONGEST_MS;
      }
   }
}
