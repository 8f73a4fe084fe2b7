//+------------------------------------------------------------------+
//| Symbols.mqh                                                      |
//| Names: the broker's symbol, the feed, the timeframe, the file.   |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_SYMBOLS_MQH
#define LIQBANDS_SYMBOLS_MQH

bool LiqIsUpper(const ushort c) { return(c>='A' && c<='Z'); }
bool LiqIsLower(const ushort c) { return(c>='a' && c<='z'); }
bool LiqIsDigit(const ushort c) { return(c>='0' && c<='9'); }

//--- BTCUSD.r, XAUUSDm, #BTCUSD, btcusd_i, EURUSDpro -> BTCUSD, XAUUSD, BTCUSD, BTCUSD, EURUSD
string LiqNormalizeSymbol(const string broker_symbol) {
   string kept="";
   for(int i=0; i<StringLen(broker_symbol); i++) {
      ushort c=StringGetCharacter(broker_symbol,i);
      bool is_name=(LiqIsUpper(c) || LiqIsLower(c) || LiqIsDigit(c));
      if(!is_name && kept=="")
         continue;
      if(!is_name || (LiqIsLower(c) && StringLen(kept)>=6))
         break;
      kept+=ShortToString(c);
   }
   StringToUpper(kept);
   return(kept);
}

//--- upper case; what is not A-Z 0-9 . _ - becomes _
string LiqFilePart(const string feed) {
   string upper=feed;
   StringToUpper(upper);
   string safe="";
   for(int i=0; i<StringLen(upper); i++) {
      ushort c=StringGetCharacter(upper,i);
      bool is_kept=(LiqIsUpper(c) || LiqIsDigit(c) || c=='.' || c=='_' || c=='-');
      safe+=is_kept ? ShortToString(c) : "_";
   }
   return(safe);
}

string LiqFrameFile(const string feed,const string timeframe) {
   return("Liqbands\\"+LiqFilePart(feed)+"_"+timeframe+".lhm");
}

string LiqWantFile(const string feed,const string timeframe) {
   return("Liqbands\\want\\"+LiqFilePart(feed)+"_"+timeframe);
}

#define LIQ_TIMEFRAMES 12

//--- fine to coarse
string LiqTimeframeName(const int index) {
   static const string names[]={"1m","3m","5m","15m","30m","1h","2h","4h","6h","8h","12h","1d"};
   return(names[index]);
}

int LiqTimeframeSeconds(const int index) {
   static const int seconds[]={60,180,300,900,1800,3600,7200,14400,21600,28800,43200,86400};
   return(seconds[index]);
}

//--- the coarsest that is not coarser than a chart's bars
int LiqTimeframeFor(const int bar_seconds) {
   int best=0;
   for(int i=0; i<LIQ_TIMEFRAMES; i++) {
      if(LiqTimeframeSeconds(i)<=bar_seconds)
         best=i;
   }
   return(best);
}

//--- lines of ALIAS,FEED,TITLE; # begins a comment
bool LiqLookUp(const string table,const string alias,string &feed,string &title) {
   string wanted=alias;
   StringToUpper(wanted);
   string lines[];
   int n=StringSplit(table,'\n',lines);
   for(int i=0; i<n; i++) {
      string line=lines[i];
      StringTrimRight(line);
      if(line=="" || StringGetCharacter(line,0)=='#')
         continue;
      string cells[];
      int count=StringSplit(line,',',cells);
      if(count<2 || cells[1]=="")
         continue;
      string name=cells[0];
      StringToUpper(name);
      if(name!=wanted)
         continue;
      feed=cells[1];
      title=(count>2) ? cells[2] : "";
      return(true);
   }
   return(false);
}

#endif
