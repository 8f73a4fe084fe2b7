//+------------------------------------------------------------------+
//| Web.mqh                                                          |
//| Questions to the liqbands server. For services only: WebRequest  |
//| is not allowed in indicators.                                    |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_WEB_MQH
#define LIQBANDS_WEB_MQH

#include <Liqbands/Files.mqh>

#define LIQ_NOT_ALLOWED 4014
#define LIQ_MOST_SAID   200

//--- letters, digits, . _ - stay; all else becomes %XX
string LiqUrlPart(const string text) {
   uchar bytes[];
   LiqTextBytes(text,bytes);
   string part="";
   for(int i=0; i<ArraySize(bytes); i++) {
      uchar c=bytes[i];
      bool is_plain=((c>='a' && c<='z') || (c>='A' && c<='Z') || (c>='0' && c<='9') || c=='.' || c=='_' || c=='-');
      part+=is_plain ? ShortToString((ushort)c) : StringFormat("%%%02X",(int)c);
   }
   return(part);
}

class CLiqWeb {
private:
   string m_url;
   string m_token;
   int    m_timeout_ms;
   string m_said;      // the same trouble is told once
   uchar  m_answer[];

   //--- WebRequest is documented with char arrays, text comes as uchar
   void SignedBytes(const string text,char &bytes[]) {
      uchar plain[];
      LiqTextBytes(text,plain);
      int n=ArraySize(plain);
      ArrayResize(bytes,n);
      for(int i=0; i<n; i++)
         bytes[i]=(char)plain[i];
   }

public:
   CLiqWeb(void) : m_timeout_ms(3000) {}

   void Start(const string url,const string token,const int timeout_ms) {
      m_url=url;
      while(StringLen(m_url)>0 && StringGetCharacter(m_url,StringLen(m_url)-1)=='/')
         m_url=StringSubstr(m_url,0,StringLen(m_url)-1);
      m_token=token;
      m_timeout_ms=(timeout_ms>=500) ? timeout_ms : 500;
      m_said="";
   }

   void Say(const string text) {
      if(text!=m_said && text!="")
         Print("LiqBridge: ",text);
      m_said=text;
   }

   //--- the HTTP status, or -1 when the server was not reached
   int Ask(const string method,const string path,const string type,const string text) {
      string headers="Content-Type: "+type+"\r\n";
      if(m_token!="")
         headers+="Authorization: Bearer "+m_token+"\r\n";
      string answer_headers="";
      char body[];
      char answer[];
      SignedBytes(text,body);
      ArrayResize(m_answer,0);
      ResetLastError();
      int status=WebRequest(method,m_url+path,headers,m_timeout_ms,body,answer,answer_headers);
      if(status!=-1) {
         int n=ArraySize(answer);
         ArrayResize(m_answer,n);
         for(int i=0; i<n; i++)
            m_answer[i]=(uchar)answer[i];
         return(status);
      }
      int error=GetLastError();
      if(error==LIQ_NOT_ALLOWED)
         Say("add "+m_url+" at Tools > Options > Expert Advisors > Allow WebRequest for listed URL");
      else
         Say(StringFormat("%s was not reached, error %d; trying again",m_url,error));
      return(-1);
   }

   int Get(const string path) {
      return(Ask("GET",path,"text/plain",""));
   }

   int Post(const string path,const string text) {
      return(Ask("POST",path,"text/csv",text));
   }

   void CopyAnswer(uchar &bytes[]) {
      ArrayResize(bytes,ArraySize(m_answer));
      ArrayCopy(bytes,m_answer);
   }

   string Words(void) {
      string text=CharArrayToString(m_answer,0,ArraySize(m_answer),CP_UTF8);
      StringReplace(text,"\n"," ");
      return(StringSubstr(text,0,LIQ_MOST_SAID));
   }
};

#endif
