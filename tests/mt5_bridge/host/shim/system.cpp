// Files in a real folder, the terminal itself, the network.
#include <dirent.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include "functions.hpp"

using host::terminal;

namespace host {
Terminal& terminal() {
    static Terminal it;
    return it;
}
void violate(const std::string& what) { terminal().violations.push_back(what); }
bool is_denied(const char* function, std::initializer_list<const char*> kinds) {
    for (auto kind : kinds) {
        if (std::strcmp(kind, terminal().kind) != 0) continue;
        terminal().last_error = ERR_FUNCTION_NOT_ALLOWED;
        violate(std::string(function) + " called from " + kind);
        return true;
    }
    return false;
}
void check_length(const char* what, const std::string& text) {
    if (text.size() > 63) violate(std::string(what) + " longer than 63 letters: " + text);
}
std::string path_of(const std::string& name, bool is_common) {
    std::string path = name;
    std::replace(path.begin(), path.end(), '\\', '/');
    if (path.find("..") != std::string::npos || path.find(':') != std::string::npos || path[0] == '/')
        violate("path leaves the folder for files: " + name);
    return (is_common ? terminal().common : terminal().local) + "/" + path;
}
static bool exists(const std::string& path) {
    struct stat status;
    return ::stat(path.c_str(), &status) == 0;
}
static void make_folders(const std::string& path) {
    for (size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
        ::mkdir(path.substr(0, at).c_str(), 0777);
}
static bool load(const std::string& path, std::string& data) {
    FILE* file = std::fopen(path.c_str(), "rb");
    if (!file) return false;
    char part[65536];
    for (size_t n; (n = std::fread(part, 1, sizeof part, file)) > 0;) data.append(part, n);
    std::fclose(file);
    return true;
}
static File* file(int handle) {
    auto found = terminal().files.find(handle);
    return found == terminal().files.end() ? nullptr : &found->second;
}
size_t left(int handle) {
    File* f = file(handle);
    return f ? f->data.size() - f->at : 0;
}
size_t read(int handle, void* to, size_t size) {
    File* f = file(handle);
    if (!f || !(f->flags & FILE_READ)) return 0;
    size_t n = std::min(size, left(handle));
    if (n > 0) std::memcpy(to, f->data.data() + f->at, n);
    f->at += n;
    terminal().bytes_read += (long)n;
    return n;
}
size_t write(int handle, const void* from, size_t size) {
    File* f = file(handle);
    if (!f || !(f->flags & FILE_WRITE)) return 0;
    f->data.append((const char*)from, size);
    return size;
}
static bool is_open(const std::string& path) {
    for (auto& item : terminal().files)
        if (item.second.path == path) return true;
    return false;
}
}  // namespace host

int FileOpen(const string& name, int flags) {
    auto& t = terminal();
    host::File file{host::path_of(name.text, flags & FILE_COMMON), "", 0, flags};
    if (!(flags & FILE_SHARE_READ) || !(flags & FILE_SHARE_WRITE)) host::violate("not opened shared: " + name.text);
    if (flags & FILE_WRITE) host::make_folders(file.path);
    if ((flags & FILE_READ) && !host::load(file.path, file.data)) {
        t.last_error = ERR_CANNOT_OPEN_FILE;
        return INVALID_HANDLE;
    }
    t.files[t.next_handle] = file;
    return t.next_handle++;
}
void FileClose(int handle) {
    host::File* f = host::file(handle);
    if (f && (f->flags & FILE_WRITE)) {
        FILE* out = std::fopen(f->path.c_str(), "wb");
        if (out) {
            std::fwrite(f->data.data(), 1, f->data.size(), out);
            std::fclose(out);
        }
    }
    terminal().files.erase(handle);
}
ulong FileSize(int handle) {
    host::File* f = host::file(handle);
    return f ? f->data.size() : 0;
}
bool FileIsExist(const string& name, int common) { return host::exists(host::path_of(name.text, common & FILE_COMMON)); }
bool FileDelete(const string& name, int common) {
    return ::unlink(host::path_of(name.text, common & FILE_COMMON).c_str()) == 0;
}
bool FileMove(const string& from, int common, const string& to, int flags) {
    auto& t = terminal();
    std::string target = host::path_of(to.text, flags & FILE_COMMON);
    t.moved.push_back(from.text);
    bool is_refused = host::exists(target) && !(flags & FILE_REWRITE);
    if (t.failing_moves > 0 || is_refused || host::is_open(target)) {
        t.failing_moves -= t.failing_moves > 0;
        t.last_error = ERR_FILE_IS_EXIST;
        return false;
    }
    return ::rename(host::path_of(from.text, common & FILE_COMMON).c_str(), target.c_str()) == 0;
}
long FileFindFirst(const string& filter, string& found, int common) {
    auto& t = terminal();
    std::string path = host::path_of(filter.text, common & FILE_COMMON);
    size_t slash = path.rfind('/');
    host::Search search;
    if (DIR* folder = ::opendir(path.substr(0, slash).c_str())) {
        while (dirent* entry = ::readdir(folder))
            if (entry->d_name[0] != '.' && ::fnmatch(path.c_str() + slash + 1, entry->d_name, 0) == 0)
                search.names.push_back(std::string(entry->d_name) + (entry->d_type == DT_DIR ? "\\" : ""));
        ::closedir(folder);
    }
    if (search.names.empty()) return INVALID_HANDLE;
    std::sort(search.names.begin(), search.names.end());
    t.searches[t.next_handle] = search;
    FileFindNext(t.next_handle, found);
    return t.next_handle++;
}
bool FileFindNext(long search, string& found) {
    auto& s = terminal().searches[search];
    if (s.at >= s.names.size()) return false;
    found = string(s.names[s.at++]);
    return true;
}
void FileFindClose(long search) { terminal().searches.erase(search); }

int GetLastError() { return terminal().last_error; }
void ResetLastError() { terminal().last_error = 0; }
bool IsStopped() { return terminal().is_stopped; }
bool EventSetMillisecondTimer(int milliseconds) {
    if (host::is_denied("EventSetMillisecondTimer", {"service", "script"})) return false;
    terminal().timer_ms = milliseconds;
    return true;
}
void EventKillTimer() { terminal().timer_ms = 0; }
long TerminalInfoInteger(ENUM_TERMINAL_INFO_INTEGER property) {
    return property == TERMINAL_CONNECTED ? terminal().is_connected : 5000;
}
string TerminalInfoString(ENUM_TERMINAL_INFO_STRING) { return string(terminal().data_path); }
int MQLInfoInteger(ENUM_MQL_INFO_INTEGER property) { return property == MQL_TESTER && terminal().is_tester; }
datetime GlobalVariableSet(const string& name, double value) {
    host::check_length("name of a global variable", name.text);
    terminal().globals[name.text] = value;
    return TimeGMT();
}
double GlobalVariableGet(const string& name) {
    auto found = terminal().globals.find(name.text);
    return found == terminal().globals.end() ? 0.0 : found->second;
}
bool GlobalVariableCheck(const string& name) { return terminal().globals.count(name.text) > 0; }
bool SendNotification(const string& text) {
    auto& t = terminal();
    long minute = 0, second = 0;
    for (long at : t.push_times) {
        minute += t.utc_ms - at < 60000;
        second += t.utc_ms - at < 1000;
    }
    if (text.text.size() > 255 || minute >= 10 || second >= 2) {
        host::violate("push too long or too often");
        t.last_error = ERR_NOTIFICATION_TOO_FREQUENT;
        return false;
    }
    t.push_times.push_back(t.utc_ms);
    t.pushes.push_back(text.text);
    return true;
}
bool SendMail(const string& subject, const string& text) {
    terminal().mails.push_back(subject.text + ": " + text.text);
    return true;
}
int WebRequest(const string& method, const string& url, const string& headers, int, const Array<char>& data,
               Array<char>& result, string& result_headers) {
    auto& t = terminal();
    if (host::is_denied("WebRequest", {"indicator"})) return -1;
    if (url.text.size() > 1024) host::violate("URL longer than 1024 letters");
    t.last_error = ERR_WEBREQUEST_CONNECT_FAILED;
    if (!t.web) return -1;
    std::vector<uchar> answer(1 << 20);
    int size = 0;
    int status = t.web(method.text.c_str(), url.text.c_str(), headers.text.c_str(), (const uchar*)data.data(), data.size(),
                       answer.data(), (int)answer.size(), &size, &t.last_error);
    result.resize(size);
    if (size > 0) std::memcpy(result.data(), answer.data(), (size_t)size);
    result_headers = string("");
    return status;
}
