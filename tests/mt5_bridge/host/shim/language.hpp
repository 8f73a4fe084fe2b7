// The MQL5 language on top of C++17: types, strings, bounds-checked arrays, literals.
// Written from the public language reference.
#pragma once
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef long datetime;
typedef uint color;
static_assert(sizeof(long) == 8 && sizeof(int) == 4 && sizeof(short) == 2, "LP64 expected");

namespace host {
// What ends a program in the terminal at once: an index out of range, a wrong format.
[[noreturn]] inline void die(const std::string& reason) { throw std::runtime_error(reason); }
inline std::string digits(double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%.16g", value);
    return text;
}
}  // namespace host

class string {
   public:
    std::string text;
    string() = default;
    string(const char* s) : text(s ? s : "") {}
    string(const std::string& s) : text(s) {}
    explicit string(bool b) : text(b ? "true" : "false") {}
    explicit string(double x) : text(host::digits(x)) {}
    explicit string(float x) : text(host::digits((double)x)) {}
    template <class T, class = std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>>>
    explicit string(T x) : text(std::to_string(x)) {}
    string& operator+=(const string& other) { text += other.text; return *this; }
};
inline string operator""_s(const char* s, size_t n) { return string(std::string(s, n)); }
inline string operator+(const string& a, const string& b) { return string(a.text + b.text); }
template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
inline string operator+(const string& a, T b) { return a + string(b); }
template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
inline string operator+(T a, const string& b) { return string(a) + b; }
inline bool operator==(const string& a, const string& b) { return a.text == b.text; }
inline bool operator!=(const string& a, const string& b) { return a.text != b.text; }

struct Fixed { int size; };

// An array that ends the program when an index is out of range, as MQL5's does.
template <class T> class Array {
    using Stored = std::conditional_t<std::is_same_v<T, bool>, char, T>;
    std::vector<Stored> items_;
    bool is_fixed_ = false;

   public:
    Array() = default;
    Array(Fixed fixed) : items_((size_t)fixed.size), is_fixed_(true) {}
    Array(std::initializer_list<T> list) : items_(list.begin(), list.end()), is_fixed_(true) {}
    int size() const { return (int)items_.size(); }
    bool is_fixed() const { return is_fixed_; }
    size_t at(long index) const {
        if (index < 0 || index >= (long)items_.size())
            host::die("array out of range: index " + std::to_string(index) + ", size " +
                      std::to_string(items_.size()));
        return (size_t)index;
    }
    template <class I> T& operator[](I index) { return (T&)items_[at((long)index)]; }
    template <class I> const T& operator[](I index) const { return (const T&)items_[at((long)index)]; }
    bool resize(int size, int reserve = 0) {
        if (is_fixed_ || size < 0) return false;
        if ((size_t)size + (size_t)reserve > items_.capacity()) items_.reserve((size_t)size + (size_t)reserve);
        items_.resize((size_t)size);
        return true;
    }
    T* data() { return (T*)items_.data(); }
    const T* data() const { return (const T*)items_.data(); }
};

constexpr color colour_literal(int r, int g, int b) { return (color)r | ((color)g << 8) | ((color)b << 16); }
datetime date_literal(const char* text);
