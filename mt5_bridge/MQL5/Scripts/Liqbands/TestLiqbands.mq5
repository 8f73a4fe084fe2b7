//+------------------------------------------------------------------+
//| TestLiqbands.mq5                                                 |
//| Self test: drag it onto any chart, it ends with "0 failed".      |
//| Writes and deletes one small file in Common\Files\Liqbands.      |
//+------------------------------------------------------------------+
#property copyright "liqbands contributors"
#property version   "1.00"

#include <Liqbands/Basis.mqh>
#include <Liqbands/Clock.mqh>
#include <Liqbands/Files.mqh>
#include <Liqbands/Lhm1.mqh>
#include <Liqbands/Palette.mqh>
#include <Liqbands/Symbols.mqh>
#include <Liqbands/Text.mqh>

int g_passed=0;
int g_failed=0;

void Same(const string what,const string got,const string wanted) {
   if(got==wanted) {
      g_passed++;
      return;
   }
   g_failed++;
   Print("FAILED ",what,": got '",got,"', wanted '",wanted,"'");
}

void Is(const string what,const bool is_so) {
   Same(what,is_so ? "yes" : "no","yes");
}

//--- the example of mt5_bridge/README.md
string GoldenFrame(void) {
   return(
      "4c484d310100a000e400000077204ee42a0000000c000000fb3c2bd28f010000"+
      "803c2bd28f01000000000000004ced4000000000803fed40fca9f1d24d62403f"+
      "c06729d28f01000060ea0000030000000200000001000000a0000000c0000000"+
      "8096984a00007a44425443555344540000000000000000000000000000000000"+
      "00000000000000000000000000000000cc000000010000000000000000000000"+
      "00000000808aed4000000000808bed4080645a660000000000247449ff010000"+
      "0018ff80010000000000000700000000e08aed400024f4480024f44958010000"+
      "00000000");
}

int HexDigit(const ushort c) {
   return((c>='0' && c<='9') ? (int)c-'0' : (int)c-'a'+10);
}

void HexBytes(const string hex,uchar &bytes[]) {
   int n=StringLen(hex)/2;
   ArrayResize(bytes,n);
   for(int i=0; i<n; i++)
      bytes[i]=(uchar)(16*HexDigit(StringGetCharacter(hex,2*i))+HexDigit(StringGetCharacter(hex,2*i+1)));
}

void TestStructures(void) {
   Same("bytes of the header",IntegerToString(sizeof(LiqHeader)),"128");
   Same("bytes of its extension",IntegerToString(sizeof(LiqMore)),"32");
   Same("bytes of a band",IntegerToString(sizeof(LiqBand)),"32");
   Same("bytes of its details",IntegerToString(sizeof(LiqDetail)),"24");
}

void TestFrame(void) {
   uchar bytes[];
   HexBytes(GoldenFrame(),bytes);
   LiqHeader header;
   LiqMore more;
   LiqFrame frame;
   string why="";
   Is("the golden frame is accepted",LiqCheck(bytes,header,more,why));
   Same("its complaint",why,"");
   LiqFill(bytes,header,more,frame);
   Same("symbol",frame.symbol,"BTCUSDT");
   Same("seq",IntegerToString((long)frame.header.seq),"42");
   Same("rows and columns",StringFormat("%d %d",frame.rows,frame.columns),"3 2");
   Same("cells",StringFormat("%d %d %d",(int)frame.cells[1],(int)frame.cells[2],(int)frame.cells[11]),"24 255 7");
   Same("band",DoubleToString(frame.bands[0].low,1)+" "+DoubleToString(LiqPeakPrice(frame,0),1),"60500.0 60503.0");
   Same("level 255",DoubleToString(LiqNotional(frame,255),0),"5000000");
   Same("level 1",DoubleToString(LiqNotional(frame,1),0),"1000");
   bytes[100]=(uchar)(bytes[100]^1);
   Is("a changed byte is noticed",!LiqCheck(bytes,header,more,why));
   ArrayResize(bytes,127);
   Is("a short file is refused",!LiqCheck(bytes,header,more,why));
}

void TestClock(void) {
   CLiqClock clock;
   clock.SetRule(LIQ_DAYLIGHT_US);
   clock.Fix(7200);
   Is("winter",clock.ToUtc(D'2024.01.15 12:00')==D'2024.01.15 10:00');
   Is("summer",clock.ToUtc(D'2024.07.15 12:00')==D'2024.07.15 09:00');
   Is("before the switch",clock.ToBroker(D'2024.03.10 06:59')==D'2024.03.10 08:59');
   Is("after the switch",clock.ToBroker(D'2024.03.10 07:00')==D'2024.03.10 10:00');
   Is("back",clock.ToBroker(D'2024.11.03 06:00')==D'2024.11.03 08:00');
   clock.SetRule(LIQ_DAYLIGHT_EU);
   Is("Europe between the switches",clock.ToBroker(D'2024.03.20 12:00')==D'2024.03.20 14:00');
   Is("Europe in summer",clock.ToBroker(D'2024.04.01 12:00')==D'2024.04.01 15:00');
   clock.SetRule(LIQ_DAYLIGHT_FIXED);
   Is("no daylight saving",clock.ToBroker(D'2024.07.01 12:00')==D'2024.07.01 14:00');
}

void TestNames(void) {
   Same("suffix",LiqNormalizeSymbol("BTCUSD.r"),"BTCUSD");
   Same("letter",LiqNormalizeSymbol("XAUUSDm"),"XAUUSD");
   Same("prefix",LiqNormalizeSymbol("#BTCUSD"),"BTCUSD");
   Same("lower case",LiqNormalizeSymbol("btcusd_i"),"BTCUSD");
   Same("index",LiqNormalizeSymbol("US500.cash"),"US500");
   Same("file",LiqFrameFile("BYBIT:BTCUSDT.P","5m"),"Liqbands\\BYBIT_BTCUSDT.P_5m.lhm");
   Same("timeframe",LiqTimeframeName(LiqTimeframeFor(600)),"5m");
   string feed="";
   string title="";
   Is("table",LiqLookUp("# names\nGOLD,XAUUSD,Gold\n","gold",feed,title));
   Same("feed of the table",feed+" "+title,"XAUUSD Gold");
}

void TestNumbers(void) {
   Same("millions",LiqMoney(1250000.0),"1.2M");
   Same("thousands",LiqMoney(999.6),"1K");
   Same("share",LiqAmount(0.31137,true)+" "+LiqAmount(0.0123,true)+" "+LiqAmount(999.6,false),"31.1% 1.23% 1K");
   Same("age",LiqAge(95)+" "+LiqAge(7300),"95 s 2 h");
   CLiqBasis basis;
   basis.SetBound(3.0);
   Is("old quotes are not compared",!basis.Compare(101.0,0,100.0,30001));
   Is("quotes of the moment are",basis.Compare(101.0,0,100.0,30000));
   Same("ratio",DoubleToString(basis.Ratio(),4),"1.0100");
   Same("colour",IntegerToString((long)LiqRamp(LIQ_PALETTE_VIRIDIS,0,1.0)),IntegerToString(0xFDE725));
}

void TestFiles(void) {
   string name="Liqbands\\test.tmp";
   Is("a file is written",LiqWriteText(name,"liqbands"));
   Same("and read",LiqReadText(name),"liqbands");
   Is("and deleted",FileDelete(name,FILE_COMMON));
}

void OnStart(void) {
   TestStructures();
   TestFrame();
   TestClock();
   TestNames();
   TestNumbers();
   TestFiles();
   PrintFormat("Liqbands self test: %d passed, %d failed",g_passed,g_failed);
}
