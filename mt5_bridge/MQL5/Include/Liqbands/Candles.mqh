//+------------------------------------------------------------------+
//| Candles.mqh                                                      |
//| The broker's closed minutes as text, every one once.             |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_CANDLES_MQH
#define LIQBANDS_CANDLES_MQH

#include <Liqbands/Clock.mqh>

#define LIQ_MOST_LINES 500

struct LiqPair {
   string   broker;
   string   feed;
   datetime last_bar;      // the newest that the server has, the broker's clock
   datetime not_before;
};

//--- broker=feed, separated by commas
int LiqReadPairs(const string list,LiqPair &pairs[]) {
   string items[];
   int count=StringSplit(list,',',items);
   for(int i=0; i<count; i++) {
      string sides[];
      if(StringSplit(items[i],'=',sides)!=2) {
         if(items[i]!="")
            Print("LiqBridge: want broker=feed, e.g. EURUSD.r=EURUSD, not ",items[i]);
         continue;
      }
      StringTrimLeft(sides[0]);
      StringTrimRight(sides[0]);
      StringTrimLeft(sides[1]);
      StringTrimRight(sides[1]);
      int n=ArraySize(pairs);
      ArrayResize(pairs,n+1);
      pairs[n].broker=sides[0];
      pairs[n].feed=sides[1];
      pairs[n].last_bar=0;
      pairs[n].not_before=0;
   }
   return(ArraySize(pairs));
}

string LiqCandleLine(const MqlRates &rate,CLiqClock &clock,const int digits) {
   return(IntegerToString((long)clock.ToUtc(rate.time))+","+DoubleToString(rate.open,digits)+","
          +DoubleToString(rate.high,digits)+","+DoubleToString(rate.low,digits)+","
          +DoubleToString(rate.close,digits)+","+IntegerToString(rate.tick_volume)+"\n");
}

//--- the oldest minutes that the server does not have yet, at most 500; empty when there are none.
//--- `last` is the newest of them
string LiqCandleText(const LiqPair &pair,CLiqClock &clock,const ENUM_LIQ_DAYLIGHT rule,const int days,datetime &last) {
   datetime newest=iTime(pair.broker,PERIOD_M1,1);   // 0 is still open
   datetime from=(datetime)((long)pair.last_bar+60);
   if(pair.last_bar==0)
      from=(datetime)((long)newest-86400*(long)days);
   MqlRates rates[];
   if(newest<=0 || from>newest)
      return("");
   int n=CopyRates(pair.broker,PERIOD_M1,from,newest,rates);
   if(n<=0)
      return("");
   if(n>LIQ_MOST_LINES)
      n=LIQ_MOST_LINES;
   int digits=(int)SymbolInfoInteger(pair.broker,SYMBOL_DIGITS);
   string text=StringFormat("# mt5 v1 symbol=%s feed=%s server_std_offset=%d dst=%s timeframe=1m\n",pair.broker,pair.feed,
                            clock.Winter(),LiqDaylightName(rule));
   for(int i=0; i<n; i++)
      text+=LiqCandleLine(rates[i],clock,digits);
   last=rates[n-1].time;
   return(text);
}

#endif
