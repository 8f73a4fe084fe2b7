//+------------------------------------------------------------------+
//| LiqHeatmap.mq5                                                   |
//| Liquidation heatmap and bands on any chart. Only reads files in  |
//| Common\Files\Liqbands: no network, no permission, no DLL.        |
//+------------------------------------------------------------------+
#property copyright   "liqbands contributors"
#property version     "1.00"
#property description "Where leveraged positions would be liquidated."
#property description "Needs a writer on this PC: liqbands mt5, or the LiqBridge service."
#property indicator_chart_window
#property indicator_buffers 0
#property indicator_plots   0

#include <Liqbands/Alerts.mqh>
#include <Liqbands/Basis.mqh>
#include <Liqbands/Feed.mqh>
#include <Liqbands/Heatmap.mqh>
#include <Liqbands/Instance.mqh>
#include <Liqbands/Panel.mqh>
#include <Liqbands/Words.mqh>
#include <Liqbands/Zones.mqh>

#define LIQ_TIMER_MS       250
#define LIQ_RESOLVE_TICKS  20

enum ENUM_LIQ_SHIFT {
   LIQ_SHIFT_RATIO = 0,  // By the ratio of both prices (recommended)
   LIQ_SHIFT_NONE  = 1   // Not at all
};

input group "Data"
input string            InpFeed          = "";                 // Feed (empty = from the chart's symbol)
input ENUM_LIQ_SHIFT    InpShift         = LIQ_SHIFT_RATIO;    // Move bands to this broker's prices
input double            InpMostShift     = 3.0;                // Largest believable shift, %
input ENUM_LIQ_DAYLIGHT InpDaylight      = LIQ_DAYLIGHT_US;    // Daylight saving of the broker's clock
input int               InpStaleSeconds  = 90;                 // Data are stale after, seconds
input group "Picture"
input bool              InpShowHeatmap   = true;               // Heatmap
input bool              InpShowBands     = true;               // Bands
input bool              InpShowStrongest = true;               // Mark the strongest band above and below
input bool              InpShowPanel     = true;               // Words in the corner
input int               InpProfilePixels = 90;                 // Profile at the right edge, pixels (0 = off)
input ENUM_LIQ_PALETTE  InpPalette       = LIQ_PALETTE_SIDES;  // Colours of the heatmap
input int               InpOpacity       = 70;                 // Opacity, %
input int               InpHidden        = 45;                 // Hide the faintest cells of the window, %
input color             InpLongColour    = C'38,166,154';      // Colour of longs
input color             InpShortColour   = C'239,108,64';      // Colour of shorts
input int               InpWeakest       = 0;                  // Hide bands weaker than, %
input int               InpMostBands     = 30;                 // Most bands
input int               InpMostLabels    = 8;                  // Most bands with an amount beside
input group "Alerts"
input bool              InpAlertEnter    = false;              // Price reaches a band
input bool              InpAlertSweep    = false;              // Price sweeps a band
input bool              InpAlertStale    = false;              // Data become stale
input bool              InpAlertTerminal = true;               // Tell by a window in the terminal
input bool              InpAlertPush     = false;              // Tell the phone
input bool              InpAlertMail     = false;              // Tell by mail
input int               InpAlertWeakest  = 50;                 // Only bands of this strength, %
input double            InpAlertDistance = 0.1;                // Reached within, % of the price
input int               InpAlertPause    = 900;                // Seconds between alerts of one band

CLiqClock   g_clock;
CLiqFeed    g_feed;
CLiqBasis   g_basis;
CLiqCanvas  g_canvas;
CLiqHeatmap g_heatmap;
CLiqZones   g_zones;
CLiqPanel   g_panel;
CLiqAlerts  g_alerts;
LiqGeometry g_geometry;
bool        g_is_dirty=true;
bool        g_is_idle=false;     // in the strategy tester
int         g_ticks=0;
uint        g_compared=0;        // number of the frame whose basis is settled

//+------------------------------------------------------------------+
//| Start                                                            |
//+------------------------------------------------------------------+
int LevelOf(const int percent) {
   return((int)MathRound(2.55*percent));
}

void StartAlerts(void) {
   LiqAlertRules rules;
   rules.on_enter=InpAlertEnter;
   rules.on_sweep=InpAlertSweep;
   rules.on_stale=InpAlertStale;
   rules.by_terminal=InpAlertTerminal;
   rules.by_push=InpAlertPush;
   rules.by_mail=InpAlertMail;
   rules.smallest=LevelOf(InpAlertWeakest);
   rules.distance=InpAlertDistance/100.0;
   rules.cooldown=InpAlertPause;
   g_alerts.Start(rules);
}

//+------------------------------------------------------------------+
//| What is known now                                                |
//+------------------------------------------------------------------+
long DataAge(void) {
   return((long)TimeGMT()-g_feed.m_frame.header.data_ms/1000);
}

bool IsStale(void) {
   return(!g_feed.HasFrame() || DataAge()>InpStaleSeconds);
}

bool IsShown(void) {
   return(g_feed.HasFrame() && g_clock.IsKnown() && g_basis.IsUsable());
}

//--- seconds since the last quote of the chart's symbol; -1 when there was none
long QuoteAge(void) {
   MqlTick tick;
   if(!SymbolInfoTick(_Symbol,tick) || tick.bid<=0.0)
      return(-1);
   return((long)TimeGMT()-(long)g_clock.ToUtc(tick.time));
}

//--- of an earlier session, for when the market is closed at the start
string RatioName(void) {
   return(StringSubstr("Liqbands "+_Symbol+" "+g_feed.Name(),0,LIQ_MOST_LETTERS));
}

//--- once for every frame, with a quote of the same moment
void CompareBasis(void) {
   if(InpShift==LIQ_SHIFT_NONE || !g_feed.HasFrame() || !g_clock.IsKnown()
      || g_compared==g_feed.m_frame.header.seq)
      return;
   MqlTick tick;
   if(!SymbolInfoTick(_Symbol,tick) || tick.bid<=0.0)
      return;
   double price=(tick.ask>0.0) ? 0.5*(tick.bid+tick.ask) : tick.bid;
   double ratio=g_basis.Ratio();
   bool was_usable=g_basis.IsUsable();
   if(!g_basis.Compare(price,1000*(long)g_clock.ToUtc(tick.time),g_feed.m_frame.header.ref_price,
                       g_feed.m_frame.header.data_ms))
      return;
   g_compared=g_feed.m_frame.header.seq;
   if(g_basis.Ratio()!=ratio || g_basis.IsUsable()!=was_usable)
      g_is_dirty=true;
   if(g_basis.IsUsable())
      GlobalVariableSet(RatioName(),g_basis.Ratio());
}

LiqNow Now(void) {
   LiqNow now;
   now.is_clock_known=g_clock.IsKnown();
   now.data_age=DataAge();
   now.quote_age=QuoteAge();
   now.is_stale=IsStale();
   now.utc=(long)TimeGMT();
   now.clock_offset=g_clock.OffsetAt(TimeGMT());
   return(now);
}

//+------------------------------------------------------------------+
//| Words and picture                                                |
//+------------------------------------------------------------------+
void WritePanel(void) {
   LiqNow now=Now();
   bool is_good=(LiqWhyEmpty(g_feed,g_basis,now)=="" && !now.is_stale && g_feed.Trouble()=="");
   color quiet=(color)ChartGetInteger(0,CHART_COLOR_FOREGROUND);
   string state="Liqbands  "+LiqStateWords(g_feed,g_basis,now);
   g_panel.Write(0,(InpShowPanel || !is_good) ? state : "",is_good ? quiet : clrOrangeRed);
   g_panel.Write(1,InpShowPanel ? LiqFeedWords(g_feed) : "",quiet);
   bool is_full=(InpShowPanel && IsShown());
   double longs=is_full ? g_heatmap.Total(g_feed.m_frame,LIQ_SIDE_LONG) : 0.0;
   double shorts=is_full ? g_heatmap.Total(g_feed.m_frame,LIQ_SIDE_SHORT) : 0.0;
   g_panel.Write(2,is_full ? LiqTotalWords(longs,shorts,LiqIsShare(g_feed.m_frame)) : "",quiet);
   g_panel.Write(3,is_full ? LiqBasisWords(g_basis,now) : "",quiet);
   g_panel.Write(4,is_full ? LiqVenueWords(g_feed.m_frame,now) : "",quiet);
}

void Paint(const LiqGeometry &g) {
   bool is_shown=IsShown();
   bool has_bars=true;
   g_canvas.Clear(g.width,g.height);
   if(is_shown) {
      has_bars=g_heatmap.Place(g,g_clock,g_feed.m_frame,g_basis.Ratio());
      if(InpShowHeatmap)
         g_heatmap.Draw(g_canvas,g_feed.m_frame);
      g_heatmap.DrawProfile(g_canvas,g_feed.m_frame,InpProfilePixels,LiqSolid(InpLongColour,230),
                            LiqSolid(InpShortColour,230));
   }
   if(is_shown && InpShowPanel)
      g_canvas.Box(0,LIQ_PANEL_TOP-4,LIQ_PLATE_WIDTH,LIQ_PANEL_TOP+4+LIQ_PANEL_LINES*LIQ_PANEL_HEIGHT,
                   LiqSolid((color)ChartGetInteger(0,CHART_COLOR_BACKGROUND),LIQ_PLATE_ALPHA));
   g_canvas.Show();
   bool is_scaled=(g.high!=g_geometry.high || g.low!=g_geometry.low || g.height!=g_geometry.height);
   if(g_is_dirty || is_scaled) {
      if(is_shown && InpShowBands)
         g_zones.Draw(g_feed.m_frame,g_basis.Ratio(),g_clock,iTime(_Symbol,_Period,0),
                      LIQ_WORD_PIXELS*(g.high-g.low)/g.height);
      else
         g_zones.Clear();
   }
   g_geometry=g;
   g_is_dirty=!has_bars;
}

void Refresh(void) {
   LiqGeometry g;
   LiqReadGeometry(g);
   bool is_new=(g.is_valid && (g_is_dirty || !LiqSameGeometry(g,g_geometry)));
   if(is_new)
      Paint(g);
   WritePanel();
   if(g_panel.TakeChange() || is_new)
      ChartRedraw(0);
}

//--- all that may have changed: clock, file, basis, age, window
void Work(void) {
   if(g_clock.Learn())
      g_is_dirty=true;
   bool had_frame=g_feed.HasFrame();
   if(g_ticks%LIQ_RESOLVE_TICKS==0)
      g_feed.Resolve();
   g_ticks++;
   g_feed.Want(TimeGMT());
   if(g_feed.Poll(1000*(long)TimeGMT(),1000*(long)InpStaleSeconds)) {
      g_heatmap.Load(g_feed.m_frame);
      g_is_dirty=true;
   }
   if(had_frame && !g_feed.HasFrame())
      g_is_dirty=true;
   CompareBasis();
   g_alerts.CheckAge(g_feed.Name(),!IsStale(),TimeGMT());
   Refresh();
}

//+------------------------------------------------------------------+
//| Events                                                           |
//+------------------------------------------------------------------+
int OnInit(void) {
   g_is_idle=(MQLInfoInteger(MQL_TESTER)!=0);
   if(g_is_idle)
      return(INIT_SUCCEEDED);
   LiqDeleteOldObjects();
   string prefix=LiqNewPrefix();
   ZeroMemory(g_geometry);
   g_clock.SetRule(InpDaylight);
   g_feed.Start(InpFeed,_Symbol,PeriodSeconds(_Period));
   g_basis.SetBound(InpMostShift);
   if(InpShift==LIQ_SHIFT_NONE)
      g_basis.Fix(1.0);
   else
      if(GlobalVariableCheck(RatioName()))
         g_basis.Remember(GlobalVariableGet(RatioName()));
   g_heatmap.SetLook(InpPalette,LevelOf(InpOpacity),InpHidden);
   g_zones.SetLook(prefix,InpLongColour,InpShortColour,LevelOf(InpWeakest),InpMostBands,InpMostLabels,
                   InpShowStrongest);
   g_panel.Start(prefix);
   StartAlerts();
   IndicatorSetString(INDICATOR_SHORTNAME,LIQ_SHORT_NAME+g_feed.Name());
   if(!g_canvas.Create(prefix) || !EventSetMillisecondTimer(LIQ_TIMER_MS))
      return(INIT_FAILED);
   Work();
   return(INIT_SUCCEEDED);
}

void OnDeinit(const int reason) {
   if(g_is_idle)
      return;
   EventKillTimer();
   g_canvas.Destroy();
   g_zones.Clear();
   g_panel.Clear();
   ChartRedraw(0);
}

void OnTimer(void) {
   Work();
}

void OnChartEvent(const int id,const long &lparam,const double &dparam,const string &sparam) {
   if(g_is_idle)
      return;
   if(id==CHARTEVENT_CHART_CHANGE)
      Refresh();
   if(id==CHARTEVENT_CUSTOM+LIQ_NEW_FRAME && LiqFilePart(sparam)==LiqFilePart(g_feed.Name()))
      Work();
}

int OnCalculate(const int rates_total,const int prev_calculated,const datetime &time[],const double &open[],
                const double &high[],const double &low[],const double &close[],const long &tick_volume[],
                const long &volume[],const int &spread[]) {
   if(g_is_idle)
      return(rates_total);
   if(prev_calculated!=rates_total)
      g_is_dirty=true;
   ArraySetAsSeries(close,false);
   if(rates_total>0)
      g_alerts.CheckPrice(g_feed.m_frame,close[rates_total-1],g_basis.Ratio(),IsShown() && !IsStale(),TimeGMT());
   return(rates_total);
}
