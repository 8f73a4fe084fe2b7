// The documented functions that our sources use, with their documented signatures: a misspelt call
// or a wrong argument does not compile. Add one from its reference page, never from memory.
#pragma once
#include <cmath>
#include "terminal.hpp"

#define _Symbol (string(host::terminal().symbol))
#define _Period (host::terminal().period)
#define _Digits (host::terminal().digits)

int GetLastError();
void ResetLastError();
bool IsStopped();

// mathematics
inline double MathAbs(double x) { return std::fabs(x); }
inline double MathFloor(double x) { return std::floor(x); }
inline double MathCeil(double x) { return std::ceil(x); }
inline double MathRound(double x) { return std::round(x); }
inline double MathPow(double a, double b) { return std::pow(a, b); }
inline double MathLog(double x) { return std::log(x); }
inline double MathExp(double x) { return std::exp(x); }
inline double MathMin(double a, double b) { return a < b ? a : b; }
inline double MathMax(double a, double b) { return a > b ? a : b; }
inline bool MathIsValidNumber(double x) { return std::isfinite(x); }

// strings
int StringLen(const string& text);
string StringSubstr(const string& text, int start, int length = -1);
int StringFind(const string& text, const string& match, int start = 0);
ushort StringGetCharacter(const string& text, int position);
string ShortToString(ushort code);
bool StringToUpper(string& text);
int StringTrimLeft(string& text);
int StringTrimRight(string& text);
int StringReplace(string& text, const string& find, const string& replacement);
int StringSplit(const string& text, ushort separator, Array<string>& parts);
string IntegerToString(long number, int length = 0, ushort fill = ' ');
string DoubleToString(double value, int digits = 8);
long StringToInteger(const string& text);
double StringToDouble(const string& text);
string CharArrayToString(const uchar* bytes, int size, int start, int count);
inline string CharArrayToString(const Array<uchar>& bytes, int start = 0, int count = -1, uint = CP_ACP) {
    return CharArrayToString(bytes.data(), bytes.size(), start, count);
}
template <size_t N>
inline string CharArrayToString(const uchar (&bytes)[N], int start = 0, int count = -1, uint = CP_ACP) {
    return CharArrayToString(bytes, (int)N, start, count);
}
int StringToCharArray(const string& text, Array<uchar>& bytes, int start = 0, int count = -1, uint codepage = CP_ACP);

namespace host {
inline const char* argument(const string& s) { return s.text.c_str(); }
template <class T> inline auto argument(T value) {
    if constexpr (std::is_enum_v<T> || std::is_same_v<T, bool>) return (int)value;
    else if constexpr (std::is_floating_point_v<T>) return (double)value;
    else return value;
}
template <class T> constexpr char letter() {
    if constexpr (std::is_same_v<T, string>) return 's';
    else if constexpr (std::is_floating_point_v<T>) return 'f';
    else return sizeof(T) == 8 ? 'L' : 'd';
}
// A specifier must agree with its argument: a wrong one prints rubbish in the terminal.
std::string checked_format(const std::string& format, const std::string& letters);
std::string printed(const char* format, ...);
inline string words(const string& s) { return s; }
template <class T> inline string words(const T& value) { return string(value); }
template <class... A> inline std::string joined(const A&... a) {
    string all("");
    ((all += words(a)), ...);
    return all.text;
}
}  // namespace host
template <class... A> inline string StringFormat(const string& format, const A&... a) {
    std::string letters;
    (letters.push_back(host::letter<std::decay_t<A>>()), ...);
    return string(host::printed(host::checked_format(format.text, letters).c_str(), host::argument(a)...));
}
template <class... A> inline void Print(const A&... a) { host::terminal().log.push_back(host::joined(a...)); }
template <class... A> inline void PrintFormat(const string& format, const A&... a) { Print(StringFormat(format, a...)); }
template <class... A> inline void Alert(const A&... a) { host::terminal().alerts.push_back(host::joined(a...)); }

// arrays and structures
template <class T> inline int ArraySize(const Array<T>& a) { return a.size(); }
template <class T> inline int ArrayResize(Array<T>& a, int size, int reserve = 0) { return a.resize(size, reserve) ? size : -1; }
template <class T> inline void ArrayFree(Array<T>& a) { a.resize(0); }
template <class T, class V> inline int ArrayInitialize(Array<T>& a, V value) {
    for (int i = 0; i < a.size(); i++) a[i] = (T)value;
    return a.size();
}
template <class T> inline bool ArraySetAsSeries(const Array<T>&, bool is_series) {
    if (is_series) host::die("the host knows no series order");
    return true;
}
template <class T>
inline int ArrayCopy(Array<T>& to, const Array<T>& from, int to_start = 0, int from_start = 0, int count = WHOLE_ARRAY) {
    int n = from.size() - from_start;
    if (count >= 0 && count < n) n = count;
    if (n <= 0) return 0;
    if (to.size() < to_start + n && !to.resize(to_start + n)) n = to.size() - to_start;
    for (int i = 0; i < n; i++) to[to_start + i] = from[from_start + i];
    return n;
}
template <class T> inline void ZeroMemory(T& value) {
    static_assert(std::is_trivially_copyable_v<T>, "ZeroMemory of a structure with strings or dynamic arrays");
    std::memset((void*)&value, 0, sizeof value);
}
template <class T> inline bool CharArrayToStruct(T& value, const Array<uchar>& bytes, uint start = 0) {
    static_assert(std::is_trivially_copyable_v<T>, "a plain structure is wanted");
    if ((size_t)start + sizeof(T) > (size_t)bytes.size()) return false;
    std::memcpy((void*)&value, bytes.data() + start, sizeof(T));
    return true;
}

// time
datetime TimeGMT();
datetime TimeTradeServer();
ulong GetMicrosecondCount();
bool TimeToStruct(datetime time, MqlDateTime& parts);
datetime StructToTime(const MqlDateTime& parts);
int PeriodSeconds(ENUM_TIMEFRAMES period = PERIOD_CURRENT);
void Sleep(int milliseconds);
bool EventSetMillisecondTimer(int milliseconds);
void EventKillTimer();

// market
bool SymbolSelect(const string& name, bool select);
bool SymbolInfoTick(const string& symbol, MqlTick& tick);
long SymbolInfoInteger(const string& name, ENUM_SYMBOL_INFO_INTEGER property);
int CopyRates(const string& symbol, ENUM_TIMEFRAMES timeframe, datetime from, datetime to, Array<MqlRates>& rates);
int CopyTime(const string& symbol, ENUM_TIMEFRAMES timeframe, int start, int count, Array<datetime>& times);
datetime iTime(const string& symbol, ENUM_TIMEFRAMES timeframe, int shift);

// chart and objects
long ChartID();
long ChartFirst();
long ChartNext(long chart);
void ChartRedraw(long chart = 0);
long ChartGetInteger(long chart, ENUM_CHART_PROPERTY_INTEGER property, int window = 0);
double ChartGetDouble(long chart, ENUM_CHART_PROPERTY_DOUBLE property, int window = 0);
bool ChartTimePriceToXY(long chart, int window, datetime time, double price, int& x, int& y);
int ChartIndicatorsTotal(long chart, int window);
string ChartIndicatorName(long chart, int window, int index);
bool EventChartCustom(long chart, ushort id, long number, double value, const string& text);
bool IndicatorSetString(ENUM_CUSTOMIND_PROPERTY_STRING property, const string& value);
bool ObjectCreate(long chart, const string& name, ENUM_OBJECT type, int window, datetime time1, double price1,
                  datetime time2 = 0, double price2 = 0);
bool ObjectSetInteger(long chart, const string& name, ENUM_OBJECT_PROPERTY_INTEGER property, long value);
bool ObjectSetString(long chart, const string& name, ENUM_OBJECT_PROPERTY_STRING property, const string& value);
bool ObjectMove(long chart, const string& name, int point, datetime time, double price);
int ObjectFind(long chart, const string& name);
bool ObjectDelete(long chart, const string& name);
int ObjectsDeleteAll(long chart, const string& prefix, int window = -1, int type = -1);
bool ResourceCreate(const string& name, const Array<uint>& pixels, uint width, uint height, uint x, uint y,
                    uint data_width, ENUM_COLOR_FORMAT format);
bool ResourceFree(const string& name);

// terminal
long TerminalInfoInteger(ENUM_TERMINAL_INFO_INTEGER property);
string TerminalInfoString(ENUM_TERMINAL_INFO_STRING property);
int MQLInfoInteger(ENUM_MQL_INFO_INTEGER property);
datetime GlobalVariableSet(const string& name, double value);
double GlobalVariableGet(const string& name);
bool GlobalVariableCheck(const string& name);
bool SendNotification(const string& text);
bool SendMail(const string& subject, const string& text);
int WebRequest(const string& method, const string& url, const string& headers, int timeout, const Array<char>& data,
               Array<char>& result, string& result_headers);

// files
int FileOpen(const string& name, int flags);
void FileClose(int handle);
ulong FileSize(int handle);
bool FileIsExist(const string& name, int common = 0);
bool FileDelete(const string& name, int common = 0);
bool FileMove(const string& from, int common, const string& to, int flags);
long FileFindFirst(const string& filter, string& found, int common = 0);
bool FileFindNext(long search, string& found);
void FileFindClose(long search);
namespace host {
size_t read(int handle, void* to, size_t size);
size_t left(int handle);
size_t write(int handle, const void* from, size_t size);
}
template <class T> inline uint FileReadArray(int handle, Array<T>& array, int start = 0, int count = WHOLE_ARRAY) {
    size_t n = host::left(handle) / sizeof(T);
    if (count >= 0 && (size_t)count < n) n = (size_t)count;
    if ((size_t)array.size() < (size_t)start + n && !array.resize(start + (int)n)) return 0;
    return (uint)(host::read(handle, (void*)(array.data() + start), n * sizeof(T)) / sizeof(T));
}
template <class T> inline uint FileWriteArray(int handle, const Array<T>& array, int start = 0, int count = WHOLE_ARRAY) {
    size_t n = count < 0 ? (size_t)(array.size() - start) : (size_t)count;
    return (uint)(host::write(handle, array.data() + start, n * sizeof(T)) / sizeof(T));
}
template <class T> inline uint FileReadStruct(int handle, T& value, int size = -1) {
    static_assert(std::is_trivially_copyable_v<T>, "a plain structure is wanted");
    return (uint)host::read(handle, (void*)&value, size < 0 ? sizeof(T) : (size_t)size);
}
