// Answers questions about single functions: reads Liqbands\questions.txt, prints one answer a line.
#include <Liqbands/Basis.mqh>
#include <Liqbands/Clock.mqh>
#include <Liqbands/Files.mqh>
#include <Liqbands/Lhm1.mqh>
#include <Liqbands/Symbols.mqh>
#include <Liqbands/Text.mqh>

string Answer(const string line) {
   string words[];
   int n=StringSplit(line,'\t',words);
   if(n<2)
      return("");
   if(words[0]=="symbol")
      return(LiqNormalizeSymbol(words[1]));
   if(words[0]=="file")
      return(LiqFilePart(words[1]));
   if(words[0]=="money")
      return(LiqMoney(StringToDouble(words[1])));
   if(words[0]=="crc")
      return(IntegerToString((long)LiqCrc32OfText(words[1])));
   if(words[0]=="feed") {
      string feed="none";
      string title="";
      LiqLookUp(LiqReadText("Liqbands\\index.csv"),words[1],feed,title);
      return(feed+"|"+title);
   }
   if(words[0]=="timeframe")
      return(LiqTimeframeName(LiqTimeframeFor((int)StringToInteger(words[1]))));
   if(n<4)
      return("");
   CLiqClock clock;
   clock.SetRule(words[1]=="us" ? LIQ_DAYLIGHT_US : (words[1]=="eu" ? LIQ_DAYLIGHT_EU : LIQ_DAYLIGHT_FIXED));
   clock.Fix((int)StringToInteger(words[2]));
   datetime time=(datetime)StringToInteger(words[3]);
   if(words[0]=="to_utc")
      return(IntegerToString((long)clock.ToUtc(time)));
   return(IntegerToString((long)clock.ToBroker(time)));
}

void OnStart(void) {
   string lines[];
   int n=StringSplit(LiqReadText("Liqbands\\questions.txt"),'\n',lines);
   for(int i=0; i<n; i++)
      Print(Answer(lines[i]));
}
