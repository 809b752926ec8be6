#include "report/html_text.h"

#include <array>
#include <nlohmann/json.hpp>

#include "report/columns.h"

namespace pushbench::report {

namespace {

using Json = nlohmann::json;

struct Replacement {
  std::string_view plain;
  std::string_view written;
};

// "<" begins whatever ends a script element; the two separators end a line in old scripts. None of
// the three is outside of a JSON string, and in one the escape stands for the character.
constexpr std::array kInScripts{
    Replacement{"<", "\\u003c"},
    Replacement{"\xE2\x80\xA8", "\\u2028"},
    Replacement{"\xE2\x80\xA9", "\\u2029"},
};

constexpr std::array kInHtml{
    Replacement{"&", "&amp;"},   Replacement{"<", "&lt;"},  Replacement{">", "&gt;"},
    Replacement{"\"", "&quot;"}, Replacement{"'", "&#39;"},
};

template <class Table>
std::string replaced(std::string_view text, const Table& table) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  while (!text.empty()) {
    std::string_view from = text.substr(0, 1);
    std::string_view to = from;
    for (const Replacement& r : table) {
      if (!text.starts_with(r.plain)) continue;
      from = r.plain;
      to = r.written;
    }
    out += to;
    text.remove_prefix(from.size());
  }
  return out;
}

}  // namespace

std::string html(std::string_view text) { return replaced(text, kInHtml); }

std::string html_prose(std::string_view text) {
  constexpr std::string_view kNoBreak = "\xC2\xA0";
  std::string out;
  while (!text.empty()) {
    const std::string_view piece = first_piece(text);
    for (const char c : html(piece)) out += c == ' ' ? kNoBreak : std::string_view(&c, 1);
    text.remove_prefix(piece.size());
    if (text.empty()) break;
    out += ' ';
    text.remove_prefix(1);
  }
  return out;
}

std::string script_json(std::string_view json) { return replaced(json, kInScripts); }

std::string plain_json(std::string_view script) {
  std::string out;
  out.reserve(script.size());
  while (!script.empty()) {
    // An escaped backslash is a step of two: what follows it is no escape.
    std::size_t step = script[0] == '\\' && script.size() > 1 ? 2 : 1;
    std::string_view text = script.substr(0, step);
    for (const Replacement& r : kInScripts) {
      if (!script.starts_with(r.written)) continue;
      step = r.written.size();
      text = r.plain;
    }
    out += text;
    script.remove_prefix(step);
  }
  return out;
}

std::string script_result(std::string_view json) {
  return script_json(nlohmann::ordered_json::parse(json).dump());
}

Result<std::string> plain_result(std::string_view script) {
  const auto json = nlohmann::ordered_json::parse(plain_json(script), nullptr, false);
  if (json.is_discarded()) return failure("", "is not JSON");
  return json.dump(2) + "\n";
}

std::string script_text(std::string_view text) {
  return script_json(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<std::string> plain_text(std::string_view script) {
  const Json json = Json::parse(script, nullptr, false);
  if (!json.is_string()) return failure("", "is not a JSON string");
  return json.get<std::string>();
}

}  // namespace pushbench::report
