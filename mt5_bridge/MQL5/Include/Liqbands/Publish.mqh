//+------------------------------------------------------------------+
//| Publish.mqh                                                      |
//| Puts a whole file in the place of another. For services only:    |
//| it sleeps.                                                       |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_PUBLISH_MQH
#define LIQBANDS_PUBLISH_MQH

#include <Liqbands/Crc32.mqh>
#include <Liqbands/Files.mqh>

#define LIQ_MOVE_TRIES 20

//--- two terminals share the folder, so each has temporary names of its own
string LiqTemporaryEnding(void) {
   return(StringFormat("%08x.tmp",LiqCrc32OfText(TerminalInfoString(TERMINAL_DATA_PATH))));
}

bool LiqPublish(const string name,const uchar &bytes[]) {
   string temporary=name+"."+IntegerToString((long)GetMicrosecondCount())+"."+LiqTemporaryEnding();
   if(LiqWriteFile(temporary,bytes)) {
      for(int i=0; i<LIQ_MOVE_TRIES; i++) {
         if(FileMove(temporary,FILE_COMMON,name,FILE_COMMON|FILE_REWRITE))
            return(true);
         Sleep(5);   // a reader has it open
      }
   }
   FileDelete(temporary,FILE_COMMON);
   return(false);
}

//--- what a terminal that was killed left behind
void LiqDeleteLeftovers(void) {
   string found="";
   string ending=LiqTemporaryEnding();
   string names[];
   long search=FileFindFirst("Liqbands\\*.tmp",found,FILE_COMMON);
   if(search==INVALID_HANDLE)
      return;
   do {
      if(StringFind(found,ending)>=0) {
         int n=ArraySize(names);
         ArrayResize(names,n+1);
         names[n]=found;
      }
   }
   while(FileFindNext(search,found));
   FileFindClose(search);
   for(int i=0; i<ArraySize(names); i++)
      FileDelete("Liqbands\\"+names[i],FILE_COMMON);
}

#endif
