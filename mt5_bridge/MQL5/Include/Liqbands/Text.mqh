//+------------------------------------------------------------------+
//| Text.mqh                                                         |
//| Numbers as a trader reads them.                                  |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_TEXT_MQH
#define LIQBANDS_TEXT_MQH

#define LIQ_MOST_LETTERS 63

//--- labels and object names hold 63 letters
string LiqCut(const string text) {
   if(StringLen(text)<=LIQ_MOST_LETTERS)
      return(text);
   return(StringSubstr(text,0,LIQ_MOST_LETTERS-2)+"..");
}

string LiqMoney(const double value) {
   if(!MathIsValidNumber(value))
      return("-");
   if(value>=999500000.0)
      return(StringFormat("%.2fB",value/1000000000.0));
   if(value>=999500.0)
      return(StringFormat("%.1fM",value/1000000.0));
   if(value>=999.5)
      return(StringFormat("%.0fK",value/1000.0));
   return(DoubleToString(value,0));
}

//--- a share of the book, where nobody knows dollars
string LiqAmount(const double value,const bool is_share) {
   if(!is_share || !MathIsValidNumber(value))
      return(LiqMoney(value));
   return(DoubleToString(100.0*value,value<0.1 ? 2 : 1)+"%");
}

//--- 95 s, 12 min, 3 h, 2 d
string LiqAge(const long seconds) {
   if(seconds<120)
      return(StringFormat("%I64d s",seconds));
   if(seconds<7200)
      return(StringFormat("%I64d min",seconds/60));
   if(seconds<172800)
      return(StringFormat("%I64d h",seconds/3600));
   return(StringFormat("%I64d d",seconds/86400));
}

string LiqSideName(const uchar side) {
   return(side==0 ? "longs" : "shorts");
}

#endif
