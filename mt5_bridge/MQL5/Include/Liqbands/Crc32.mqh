//+------------------------------------------------------------------+
//| Crc32.mqh                                                        |
//| CRC-32 (IEEE), the same as zlib's.                               |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_CRC32_MQH
#define LIQBANDS_CRC32_MQH

uint LiqCrc32(const uchar &bytes[],const int from,const int count) {
   static uint table[256];
   static bool is_ready=false;
   if(!is_ready) {
      for(int i=0; i<256; i++) {
         uint entry=(uint)i;
         for(int bit=0; bit<8; bit++)
            entry=((entry & 1)!=0) ? (0xEDB88320 ^ (entry>>1)) : (entry>>1);
         table[i]=entry;
      }
      is_ready=true;
   }
   uint sum=0xFFFFFFFF;
   for(int i=from; i<from+count; i++)
      sum=table[(int)((sum ^ bytes[i]) & 0xFF)] ^ (sum>>8);
   return(sum ^ 0xFFFFFFFF);
}

uint LiqCrc32OfText(const string text) {
   uchar bytes[];
   int count=StringToCharArray(text,bytes,0,WHOLE_ARRAY,CP_UTF8);
   return(LiqCrc32(bytes,0,count));
}

#endif
