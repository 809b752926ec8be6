#include "wire/extensions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pushbench::wire {

namespace {

constexpr std::string_view kExtensions = "Sec-WebSocket-Extensions";
constexpr std::string_view kProtocols = "Sec-WebSocket-Protocol";
constexpr std::string_view kDeflate = "permessage-deflate";
constexpr int kLargestWindow = 15;

/// What may stand in a token (RFC 9110 §5.6.2).
bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

/// A place in a header's value. Blanks count for nothing wherever two parts of it meet.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) { skip_blanks(); }

  bool at_end() const { return at_ == text_.size(); }
  bool is_at(char c) const { return !at_end() && text_[at_] == c; }
  std::size_t position() const { return at_; }

  bool take(char c) {
    if (!is_at(c)) return false;
    ++at_;
    skip_blanks();
    return true;
  }

  std::optional<std::string> token() {
    const std::size_t from = at_;
    while (!at_end() && is_token_character(text_[at_])) ++at_;
    return ended_token(std::string(text_.substr(from, at_ - from)));
  }

  /// A token, or one in quotes with any of its characters behind a backslash.
  std::optional<std::string> value() {
    if (!is_at('"')) return token();
    std::string unquoted;
    for (++at_; !at_end() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && ++at_ == text_.size()) return std::nullopt;
      unquoted += text_[at_];
    }
    if (at_end()) return std::nullopt;
    ++at_;
    return ended_token(std::move(unquoted));
  }

 private:
  std::optional<std::string> ended_token(std::string token) {
    skip_blanks();
    if (!is_token(token)) return std::nullopt;
    return token;
  }
  void skip_blanks() {
    while (is_at(' ') || is_at('\t')) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<Extension::Parameter> read_parameter(Reader& reader) {
  auto name = reader.token();
  if (!name) return std::nullopt;
  if (!reader.take('=')) return Extension::Parameter{std::move(*name), std::nullopt};
  auto value = reader.value();
  if (!value) return std::nullopt;
  return Extension::Parameter{std::move(*name), std::move(value)};
}

std::optional<Extension> read_extension(Reader& reader) {
  auto name = reader.token();
  if (!name) return std::nullopt;
  Extension extension{std::move(*name), {}};
  while (reader.take(';')) {
    auto parameter = read_parameter(reader);
    if (!parameter) return std::nullopt;
    extension.parameters.push_back(std::move(*parameter));
  }
  return extension;
}

/// A comma-separated list of at least one element (RFC 9110 §5.6.1).
template <class Element, class Read>
Result<std::vector<Element>> read_list(std::string_view text, std::string_view header, Read read) {
  Reader reader(text);
  std::vector<Element> elements;
  do {
    if (reader.at_end() || reader.is_at(',')) continue;  // §5.6.1.2: empty ones do not count
    std::optional<Element> element = read(reader);
    if (!element) break;
    elements.push_back(std::move(*element));
  } while (reader.take(','));
  if (reader.at_end() && !elements.empty()) return elements;
  return failure(
      std::string(header),
      fmt::format("not as RFC 6455 has it at character {} of \"{}\"", reader.position() + 1, text));
}

/// RFC 7692 §7.1.2: 8 to 15, in decimal, without leading zeros.
std::optional<int> read_window_bits(const std::optional<std::string>& value) {
  for (int bits = 8; bits <= kLargestWindow; ++bits) {
    if (value == std::to_string(bits)) return bits;
  }
  return std::nullopt;
}

/// The parameters that an offer or an answer names.
struct Named {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  std::optional<int> server_max_window_bits;
  std::optional<int> client_max_window_bits;
  bool client_window = false;  // client_max_window_bits is named, perhaps without a value
};

/// Nothing where a parameter is unknown, doubled or has a value it must not have. Only in an offer
/// may client_max_window_bits come without one (§7.1.2.2).
std::optional<Named> read_named(const Extension& extension, bool is_offer) {
  Named named;
  for (const auto& [name, value] : extension.parameters) {
    bool good = false;
    if (name == "server_no_context_takeover") {
      good = !value && !std::exchange(named.server_no_context_takeover, true);
    } else if (name == "client_no_context_takeover") {
      good = !value && !std::exchange(named.client_no_context_takeover, true);
    } else if (name == "server_max_window_bits") {
      const bool doubled = named.server_max_window_bits.has_value();
      named.server_max_window_bits = read_window_bits(value);
      good = !doubled && named.server_max_window_bits.has_value();
    } else if (name == "client_max_window_bits") {
      const bool doubled = std::exchange(named.client_window, true);
      named.client_max_window_bits = read_window_bits(value);
      good = !doubled && (named.client_max_window_bits.has_value() || (is_offer && !value));
    }
    if (!good) return std::nullopt;
  }
  return named;
}

AcceptedDeflate accept_offer(const Named& offer, const DeflateParameters& wanted) {
  AcceptedDeflate accepted;
  DeflateParameters& agreed = accepted.parameters;
  agreed.server_no_context_takeover =
      offer.server_no_context_takeover || wanted.server_no_context_takeover;
  agreed.client_no_context_takeover =
      offer.client_no_context_takeover || wanted.client_no_context_takeover;
  agreed.server_max_window_bits = std::min(offer.server_max_window_bits.value_or(kLargestWindow),
                                           wanted.server_max_window_bits);
  if (offer.client_window) {
    agreed.client_max_window_bits = std::min(offer.client_max_window_bits.value_or(kLargestWindow),
                                             wanted.client_max_window_bits);
  }
  accepted.response = kDeflate;
  if (agreed.server_no_context_takeover) accepted.response += "; server_no_context_takeover";
  if (agreed.client_no_context_takeover) accepted.response += "; client_no_context_takeover";
  // A window that the client asked for must be answered, even if it is the largest (§7.1.2.1).
  if (offer.server_max_window_bits || agreed.server_max_window_bits < kLargestWindow) {
    accepted.response += fmt::format("; server_max_window_bits={}", agreed.server_max_window_bits);
  }
  if (agreed.client_max_window_bits < kLargestWindow) {
    accepted.response += fmt::format("; client_max_window_bits={}", agreed.client_max_window_bits);
  }
  return accepted;
}

}  // namespace

Result<std::vector<Extension>> read_extensions(std::string_view header) {
  return read_list<Extension>(header, kExtensions, read_extension);
}

Result<std::vector<std::string>> read_subprotocols(std::string_view header) {
  return read_list<std::string>(header, kProtocols, [](Reader& reader) { return reader.token(); });
}

std::optional<AcceptedDeflate> accept_deflate(const std::vector<Extension>& offers,
                                              const DeflateParameters& wanted) {
  for (const Extension& offer : offers) {
    if (offer.name != kDeflate) continue;
    if (const auto named = read_named(offer, true)) return accept_offer(*named, wanted);
  }
  return std::nullopt;
}

std::string offer_deflate(const DeflateParameters& wanted) {
  std::string offer(kDeflate);
  if (wanted.server_no_context_takeover) offer += "; server_no_context_takeover";
  if (wanted.client_no_context_takeover) offer += "; client_no_context_takeover";
  if (wanted.server_max_window_bits < kLargestWindow) {
    offer += fmt::format("; server_max_window_bits={}", wanted.server_max_window_bits);
  }
  offer += "; client_max_window_bits";
  if (wanted.client_max_window_bits < kLargestWindow) {
    offer += fmt::format("={}", wanted.client_max_window_bits);
  }
  return offer;
}

Result<DeflateParameters> check_accepted_deflate(std::string_view response,
                                                 const DeflateParameters& offered) {
  const auto refuse = [](std::string what) {
    return failure(std::string(kExtensions), std::move(what));
  };
  const auto extensions = read_extensions(response);
  if (!extensions) return tl::unexpected(extensions.error());
  if (extensions->size() != 1 || extensions->front().name != kDeflate) {
    return refuse("the server accepted more than the one permessage-deflate that was offered");
  }
  const auto named = read_named(extensions->front(), false);
  if (!named) return refuse("a parameter is unknown, doubled or has no allowed value");
  if (offered.server_no_context_takeover && !named->server_no_context_takeover) {
    return refuse("the server did not take up server_no_context_takeover");
  }
  const bool server_window_was_offered = offered.server_max_window_bits < kLargestWindow;
  if ((server_window_was_offered && !named->server_max_window_bits) ||
      named->server_max_window_bits.value_or(8) > offered.server_max_window_bits) {
    return refuse(
        fmt::format("server_max_window_bits must be at most {}", offered.server_max_window_bits));
  }
  if (named->client_max_window_bits.value_or(8) > offered.client_max_window_bits) {
    return refuse(
        fmt::format("client_max_window_bits must be at most {}", offered.client_max_window_bits));
  }
  DeflateParameters agreed;
  agreed.server_no_context_takeover = named->server_no_context_takeover;
  // What the client said it would do it does, whether or not the server wants it.
  agreed.client_no_context_takeover =
      offered.client_no_context_takeover || named->client_no_context_takeover;
  agreed.server_max_window_bits = named->server_max_window_bits.value_or(kLargestWindow);
  agreed.client_max_window_bits =
      named->client_max_window_bits.value_or(offered.client_max_window_bits);
  return agreed;
}

}  // namespace pushbench::wire
