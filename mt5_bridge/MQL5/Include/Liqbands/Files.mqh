//+------------------------------------------------------------------+
//| Files.mqh                                                        |
//| Files in Common\Files, which all terminals of a Windows user     |
//| share. Always opened shared, or a reader would lock the writer   |
//| out.                                                             |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_FILES_MQH
#define LIQBANDS_FILES_MQH

#include <Liqbands/Layout.mqh>

#define LIQ_SHARED (FILE_BIN|FILE_COMMON|FILE_SHARE_READ|FILE_SHARE_WRITE)

bool LiqReadFile(const string name,uchar &bytes[]) {
   ArrayResize(bytes,0);
   int handle=FileOpen(name,FILE_READ|LIQ_SHARED);
   if(handle==INVALID_HANDLE)
      return(false);
   uint count=FileReadArray(handle,bytes);
   FileClose(handle);
   return(count>0);
}

string LiqReadText(const string name) {
   uchar bytes[];
   if(!LiqReadFile(name,bytes))
      return("");
   return(CharArrayToString(bytes,0,ArraySize(bytes),CP_UTF8));
}

bool LiqWriteFile(const string name,const uchar &bytes[]) {
   int handle=FileOpen(name,FILE_WRITE|LIQ_SHARED);
   if(handle==INVALID_HANDLE)
      return(false);
   uint count=FileWriteArray(handle,bytes);
   FileClose(handle);
   return((int)count==ArraySize(bytes));
}

//--- the text without a terminating zero
void LiqTextBytes(const string text,uchar &bytes[]) {
   int count=StringToCharArray(text,bytes,0,WHOLE_ARRAY,CP_UTF8);
   ArrayResize(bytes,(count>0) ? count-1 : 0);
}

bool LiqWriteText(const string name,const string text) {
   uchar bytes[];
   LiqTextBytes(text,bytes);
   return(LiqWriteFile(name,bytes));
}

//--- the first 128 bytes and the size: enough to see whether a file is new
bool LiqPeek(const string name,LiqHeader &header,ulong &size) {
   ZeroMemory(header);
   size=0;
   int handle=FileOpen(name,FILE_READ|LIQ_SHARED);
   if(handle==INVALID_HANDLE)
      return(false);
   size=FileSize(handle);
   FileReadStruct(handle,header);
   FileClose(handle);
   return(true);
}

#endif
