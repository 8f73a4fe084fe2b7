// Strings, formats and time.
#include <algorithm>
#include <cctype>
#include <cstdarg>
#include <ctime>
#include "functions.hpp"

using host::terminal;

namespace host {
std::string checked_format(const std::string& format, const std::string& letters) {
    std::string out;
    size_t argument = 0;
    for (size_t i = 0; i < format.size(); i++) {
        out += format[i];
        if (format[i] != '%') continue;
        if (++i < format.size() && format[i] == '%') { out += '%'; continue; }
        while (i < format.size() && std::strchr("-+ #0123456789.", format[i])) out += format[i++];
        bool is_long = format.compare(i, 3, "I64") == 0;
        if (is_long) { i += 3; out += 'l'; }
        char c = i < format.size() ? format[i] : '?';
        char wanted = std::strchr("diuxXc", c) ? (is_long ? 'L' : 'd') : std::strchr("feEgG", c) ? 'f' : c;
        if (argument >= letters.size()) die("StringFormat: too few arguments for " + format);
        if (letters[argument] != wanted) die("StringFormat: wrong type of argument for " + format);
        argument++;
        out += c;
    }
    if (argument != letters.size()) die("StringFormat: too many arguments for " + format);
    return out;
}
std::string printed(const char* format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = std::vsnprintf(nullptr, 0, format, arguments);
    std::string text((size_t)size + 1, '\0');
    std::vsnprintf(text.data(), text.size(), format, again);
    va_end(arguments);
    va_end(again);
    text.resize((size_t)size);
    return text;
}
}  // namespace host

int StringLen(const string& text) { return (int)text.text.size(); }
string StringSubstr(const string& text, int start, int length) {
    if (start < 0 || start > StringLen(text)) return string("");
    return string(text.text.substr((size_t)start, length < 0 ? std::string::npos : (size_t)length));
}
int StringFind(const string& text, const string& match, int start) {
    size_t at = text.text.find(match.text, (size_t)start);
    return at == std::string::npos ? -1 : (int)at;
}
ushort StringGetCharacter(const string& text, int position) {
    return position < 0 || position >= StringLen(text) ? (ushort)0 : (ushort)(uchar)text.text[(size_t)position];
}
string ShortToString(ushort code) { return string(std::string(1, (char)code)); }
bool StringToUpper(string& text) {
    for (char& c : text.text) c = (char)std::toupper((uchar)c);
    return true;
}
int StringTrimLeft(string& text) {
    size_t n = 0;
    while (n < text.text.size() && std::isspace((uchar)text.text[n])) n++;
    text.text.erase(0, n);
    return (int)n;
}
int StringTrimRight(string& text) {
    int n = 0;
    for (; !text.text.empty() && std::isspace((uchar)text.text.back()); n++) text.text.pop_back();
    return n;
}
int StringReplace(string& text, const string& find, const string& replacement) {
    int n = 0;
    for (size_t at = 0; (at = text.text.find(find.text, at)) != std::string::npos; n++) {
        text.text.replace(at, find.text.size(), replacement.text);
        at += replacement.text.size();
    }
    return n;
}
int StringSplit(const string& text, ushort separator, Array<string>& parts) {
    std::vector<std::string> found(1);
    for (char c : text.text) {
        if ((uchar)c == separator) found.emplace_back();
        else found.back() += c;
    }
    parts.resize((int)found.size());
    for (size_t i = 0; i < found.size(); i++) parts[i] = string(found[i]);
    return (int)found.size();
}
string IntegerToString(long number, int length, ushort fill) {
    std::string text = std::to_string(number);
    while ((int)text.size() < length) text.insert(text.begin(), (char)fill);
    return string(text);
}
string DoubleToString(double value, int digits) { return string(host::printed("%.*f", digits, value)); }
long StringToInteger(const string& text) { return std::strtol(text.text.c_str(), nullptr, 10); }
double StringToDouble(const string& text) { return std::strtod(text.text.c_str(), nullptr); }
string CharArrayToString(const uchar* bytes, int size, int start, int count) {
    int end = count < 0 ? size : std::min(size, start + count);
    std::string text;
    for (int i = start; i < end && bytes[i]; i++) text += (char)bytes[i];
    return string(text);
}
int StringToCharArray(const string& text, Array<uchar>& bytes, int start, int count, uint) {
    int n = count < 0 ? StringLen(text) + 1 : count;
    if (bytes.size() < start + n) bytes.resize(start + n);
    for (int i = 0; i < n; i++) bytes[start + i] = i < StringLen(text) ? (uchar)text.text[(size_t)i] : (uchar)0;
    return n;
}

datetime TimeGMT() { return terminal().utc_ms / 1000; }
datetime TimeTradeServer() { return terminal().broker_ms / 1000; }
ulong GetMicrosecondCount() { return (ulong)terminal().tick_ms * 1000; }
bool TimeToStruct(datetime time, MqlDateTime& parts) {
    std::time_t seconds = time;
    std::tm t{};
    gmtime_r(&seconds, &t);
    parts = {t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, t.tm_wday, t.tm_yday};
    return true;
}
datetime StructToTime(const MqlDateTime& parts) {
    std::tm t{};
    t.tm_year = parts.year - 1900;
    t.tm_mon = parts.mon - 1;
    t.tm_mday = parts.day;
    t.tm_hour = parts.hour;
    t.tm_min = parts.min;
    t.tm_sec = parts.sec;
    return timegm(&t);
}
datetime date_literal(const char* text) {
    MqlDateTime t{1970, 1, 1, 0, 0, 0, 0, 0};
    std::sscanf(text, "%d.%d.%d %d:%d:%d", &t.year, &t.mon, &t.day, &t.hour, &t.min, &t.sec);
    return StructToTime(t);
}
int PeriodSeconds(ENUM_TIMEFRAMES period) {
    int p = period == PERIOD_CURRENT ? terminal().period : period;
    if (p == PERIOD_MN1) return 2592000;
    if (p >= 32768) return 604800 * (p - 32768);
    return p >= 16384 ? 3600 * (p - 16384) : 60 * p;
}
void Sleep(int milliseconds) {
    if (host::is_denied("Sleep", {"indicator"})) return;
    auto& t = terminal();
    t.slept_ms += milliseconds;
    t.tick_ms += milliseconds;
    t.utc_ms += milliseconds;
    t.broker_ms += milliseconds;
    if (t.slept_ms >= t.budget_ms) t.is_stopped = true;
}
