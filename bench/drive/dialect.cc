#include "bench/drive/dialect.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <functional>

#include "wire/handshake.h"
#include "wire/message.h"
#include "wire/websocket.h"

namespace pushbench::bench {

namespace {

constexpr wire::Mask kMask{0x5a, 0xc3, 0x17, 0x88};
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";

std::string draft() {
  std::string text(kMarker);
  while (text.size() < kTextBytes) text += "abcdefghijklmnopqrstuvwxyz"[text.size() % 26];
  return wire::encode_draft({"ann", text, ""});
}

std::string repeated(const std::string& bytes, std::size_t times) {
  std::string all;
  all.reserve(bytes.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += bytes;
  return all;
}

std::string get(const std::string& host, std::string_view target, std::string_view headers = {}) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", target, host, headers);
}

std::string post(const std::string& host, std::string_view target, std::string_view type,
                 std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}", target,
      host, type, body.size(), body);
}

/// The value of a response's header, whose name is given without its first letter since servers
/// write it in either case: ": " included.
std::string_view header_after(std::string_view answer, std::string_view rest_of_name) {
  const std::size_t at = answer.find(rest_of_name);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + rest_of_name.size();
  return answer.substr(begin, answer.find('\r', begin) - begin);
}

/// The floor: a line each way.
class Floor final : public Dialect {
 public:
  using Dialect::Dialect;
  Step join(std::size_t step, std::string_view, Place&) const override {
    return step == 0 ? Step{"subscribe\n", "ok\n"} : Step{};
  }
  Step join_to_publish(std::size_t step, std::string_view, Place&) const override {
    return step == 0 ? Step{"publish\n", ""} : Step{};
  }
  std::string publishing(std::size_t messages, const Place&) const override {
    return repeated(draft() + "\n", messages);
  }
};

struct Paths {
  std::string subscribe;
  std::string publish;              // "": by a frame on the subscriber's connection
  std::string count = {};           // what tells how many subscribe, "": nothing does, …
  std::string_view transport = {};  // … and the name that they have there
};

/// What WebSockets, event streams and polls have in common.
class HttpDialect : public Dialect {
 public:
  HttpDialect(const std::string& host, std::string room, Paths paths)
      : Dialect(std::move(room)), host_(host), paths_(std::move(paths)) {}
  std::string publishing(std::size_t messages, const Place&) const override {
    return repeated(post(host_, paths_.publish, "application/json", draft()), messages);
  }
  Step counting(std::size_t subscribers) const override {
    if (paths_.count.empty()) return {};
    // The brace or comma behind it is left out: it is never more than were made.
    return {get(host_, paths_.count), fmt::format(R"("{}":{})", paths_.transport, subscribers),
            true};
  }

 protected:
  const std::string host_;
  const Paths paths_;
};

class WebSocket final : public HttpDialect {
 public:
  using HttpDialect::HttpDialect;
  Step join(std::size_t step, std::string_view, Place&) const override {
    return step == 0 ? Step{upgrade_request(host_, paths_.subscribe), "\r\n\r\n"} : Step{};
  }
  bool subscriber_publishes() const override { return paths_.publish.empty(); }
  std::string publishing(std::size_t messages, const Place&) const override {
    if (subscriber_publishes()) return repeated(masked_text_frame(draft()), messages);
    return HttpDialect::publishing(messages, {});
  }
};

class EventStream final : public HttpDialect {
 public:
  using HttpDialect::HttpDialect;
  Step join(std::size_t step, std::string_view, Place&) const override {
    if (step > 0) return {};
    return {get(host_, paths_.subscribe, "Accept: text/event-stream\r\n"), "\r\n\r\n"};
  }
};

/// Ours, which takes the cursor as `after=EPOCH.N`, and nchan's, which takes back what it gave out
/// as Last-Modified and Etag.
class LongPoll final : public HttpDialect {
 public:
  enum class Cursor { after, validators };
  LongPoll(const std::string& host, std::string room, Paths paths, Cursor cursor)
      : HttpDialect(host, std::move(room), std::move(paths)), cursor_(cursor) {}
  Step join(std::size_t, std::string_view, Place&) const override { return {}; }
  bool asks() const override { return true; }
  std::string_view request(Place& place, std::string_view answer) override {
    if (cursor_ == Cursor::after) return after(place, answer);
    const std::string_view modified = header_after(answer, "ast-Modified: ");
    const std::string_view tag = header_after(answer, "tag: ");
    if (request_.empty() || modified != modified_ || tag != tag_) {
      modified_ = modified;
      tag_ = tag;
      const std::string validators =
          fmt::format("If-Modified-Since: {}\r\nIf-None-Match: {}\r\n", modified, tag);
      request_ = get(host_, paths_.subscribe, tag.empty() ? "" : validators);
    }
    return request_;
  }

 private:
  std::string_view after(Place& place, std::string_view answer) {
    if (place.session.empty()) place.session = header_after(answer, "oom-Epoch: ");
    if (request_.empty() || place.messages != messages_ || place.session != epoch_) {
      messages_ = place.messages;
      epoch_ = place.session;
      const std::string epoch = epoch_.empty() ? "" : epoch_ + ".";
      request_ =
          get(host_, fmt::format("{}?after={}{}&wait=60", paths_.subscribe, epoch, messages_));
    }
    return request_;
  }

  const Cursor cursor_;
  std::string request_;  // the last one, and what it was made of
  std::size_t messages_ = 0;
  std::string epoch_;
  std::string modified_;
  std::string tag_;
};

/// Ours: a poll, and its answer with what is there.
class Poll final : public HttpDialect {
 public:
  using HttpDialect::HttpDialect;
  Step join(std::size_t step, std::string_view answer, Place& place) const override {
    if (step == 0) return {get(host_, paths_.subscribe + "?after=0"), "oom-Epoch: ", true};
    place.session = header_after(answer, "oom-Epoch: ");
    return {};
  }
  bool asks_when_published() const override { return true; }
  std::string_view request(Place& place, std::string_view) override {
    if (request_.empty() || place.messages != messages_) {
      messages_ = place.messages;
      request_ =
          get(host_, fmt::format("{}?after={}.{}", paths_.subscribe, place.session, messages_));
    }
    return request_;
  }
  bool awaits_answer() const override { return true; }

 private:
  std::string request_;  // the last one, and where who sends it stands
  std::size_t messages_ = 0;
};

/// Socket.IO's packets: 4 is Engine.IO's "message", the digit behind it is Socket.IO's kind.
std::string join_packet(const std::string& room) {
  return fmt::format(R"(420["join","{}"])", room);
}
std::string say_packet(const std::string& room) {
  return fmt::format(R"(42["say","{}",{}])", room, draft());
}

class SocketIoWebSocket final : public Dialect {
 public:
  SocketIoWebSocket(const std::string& host, std::string room)
      : Dialect(std::move(room)), host_(host) {}
  Step join(std::size_t step, std::string_view, Place&) const override {
    switch (step) {
      case 0:
        return {upgrade_request(host_, "/socket.io/?EIO=4&transport=websocket"), "0{\"sid\""};
      case 1:
        return {masked_text_frame("40"), "40{\"sid\""};
      case 2:
        return {masked_text_frame(join_packet(room())), "430["};
      default:
        return {};
    }
  }
  bool subscriber_publishes() const override { return true; }
  std::string publishing(std::size_t messages, const Place&) const override {
    return repeated(masked_text_frame(say_packet(room())), messages);
  }

 private:
  const std::string host_;
};

/// Engine.IO's polling: GETs that wait, POSTs that carry any number of packets.
class SocketIoPolling final : public Dialect {
 public:
  SocketIoPolling(const std::string& host, std::string room)
      : Dialect(std::move(room)), host_(host) {}
  Step join(std::size_t step, std::string_view answer, Place& place) const override {
    if (step < 3) return connect(step, answer, place);
    if (step == 3) return {send(join_packet(room()), place), "200 OK", true};
    if (step == 4) return {get(host_, path(place)), "430[", true};
    return {};
  }
  bool asks() const override { return true; }
  std::string_view request(Place& place, std::string_view) override {
    if (place.request.empty()) place.request = get(host_, path(place));
    return place.request;
  }
  Step join_to_publish(std::size_t step, std::string_view answer, Place& place) const override {
    return step < 3 ? connect(step, answer, place) : Step{};
  }
  std::string publishing(std::size_t messages, const Place& place) const override {
    std::string packets = say_packet(room());
    for (std::size_t i = 1; i < messages; ++i) packets += '\x1e' + say_packet(room());
    return send(packets, place);
  }
  bool awaits_answer() const override { return true; }

 private:
  /// To the namespace "/".
  Step connect(std::size_t step, std::string_view answer, Place& place) const {
    if (step == 0) return {get(host_, path(place)), "0{\"sid\"", true};
    if (step == 2) return {get(host_, path(place)), "40{\"sid\"", true};
    constexpr std::string_view kSid = "\"sid\":\"";
    const std::size_t begin = answer.find(kSid) + kSid.size();
    place.session = answer.substr(begin, answer.find('"', begin) - begin);
    return {send("40", place), "200 OK", true};
  }
  std::string path(const Place& place) const {
    const std::string sid = place.session.empty() ? "" : "&sid=" + place.session;
    return "/socket.io/?EIO=4&transport=polling" + sid;
  }
  std::string send(std::string_view packets, const Place& place) const {
    return post(host_, path(place), "text/plain;charset=UTF-8", packets);
  }

  const std::string host_;
};

using Maker = std::unique_ptr<Dialect> (*)(const std::string& host, const std::string& room);
struct Row {
  std::string_view name;
  Maker make;
};

Paths ours(const std::string& room, std::string_view route, std::string_view transport) {
  const std::string path = "/rooms/" + room;
  return {fmt::format("{}/{}", path, route), path + "/messages", path, transport};
}
Paths nchan(const std::string& room) { return {"/sub/" + room, "/pub/" + room}; }

const std::array<Row, 11> kDialects{{
    {"floor",
     [](const std::string&, const std::string& room) -> std::unique_ptr<Dialect> {
       return std::make_unique<Floor>(room);
     }},
    {"pushbench/websocket",
     [](const std::string& host, const std::string& room) -> std::unique_ptr<Dialect> {
       Paths paths = ours(room, "socket", "websocket");
       paths.publish.clear();
       return std::make_unique<WebSocket>(host, room, std::move(paths));
     }},
    {"pushbench/sse",
     [](const std::string& host, const std::string& room) -> std::unique_ptr<Dialect> {
       return std::make_unique<EventStream>(host, room, ours(room, "events", "sse"));
     }},
    {"pushbench/long-polling",
     [](const std::string& host, const std::string& room) -> std::unique_ptr<Dialect> {
       return std::make_unique<LongPoll>(host, room, ours(room, "long-poll", "long-polling"),
                                         LongPoll::Cursor::after);
     }},
    {"pushbench/polling",
     [](const std::string& host, const std::string& room) -> std::unique_ptr<Dialect> {
       Paths paths = ours(room, "poll", "polling");
       paths.count.clear();  // who has its answer is no subscriber
       return std::make_unique<Poll>(host, room, std::move(paths));
     }},
    {"nchan/websocket",
     [](const std::string& host, const std::string& room) -> std::unique_ptr<Dialect> {
       return std::make_unique<WebSocket>(host, room, nchan(room));
     }},
    {"nchan/sse",
     [](const std::string& host, const std::string& room) -> std::unique_ptr<Dialect> {
       return std::make_unique<EventStream>(host, room, nchan(room));
     }},
    {"nchan/long-polling",
     [](const std::string& host, const std::string& room) -> std::unique_ptr<Dialect> {
       return std::make_unique<LongPoll>(host, room, nchan(room), LongPoll::Cursor::validators);
     }},
    {"socketio/websocket",
     [](const std::string& host, const std::string& room) -> std::unique_ptr<Dialect> {
       return std::make_unique<SocketIoWebSocket>(host, room);
     }},
    {"socketio/long-polling",
     [](const std::string& host, const std::string& room) -> std::unique_ptr<Dialect> {
       return std::make_unique<SocketIoPolling>(host, room);
     }},
    {"ws/websocket",
     [](const std::string& host, const std::string& room) -> std::unique_ptr<Dialect> {
       return std::make_unique<WebSocket>(host, room, Paths{"/" + room, ""});
     }},
}};

}  // namespace

Result<std::unique_ptr<Dialect>> make_dialect(std::string_view name, const std::string& host,
                                              const std::string& room) {
  for (const Row& row : kDialects) {
    if (row.name == name) return row.make(host, room);
  }
  return failure(std::string(name), fmt::format("is none of {}", fmt::join(dialect_names(), ", ")));
}

std::vector<std::string_view> dialect_names() {
  std::vector<std::string_view> names;
  for (const Row& row : kDialects) names.push_back(row.name);
  return names;
}

std::string upgrade_request(const std::string& host, const std::string& target) {
  return wire::encode_upgrade_request(host, target, kKey, std::nullopt, {}, {});
}

std::string masked_text_frame(std::string_view payload) {
  return wire::encode_frame(wire::Opcode::text, payload, kMask);
}

std::size_t whole_answer(std::string_view bytes) {
  constexpr std::string_view kHeadEnd = "\r\n\r\n";
  const std::size_t end = bytes.find(kHeadEnd);
  if (end == std::string_view::npos) return 0;
  const std::string_view head = bytes.substr(0, end + kHeadEnd.size());
  const std::string_view length = header_after(head, "ontent-Length: ");
  std::size_t body = 0;
  std::from_chars(length.data(), length.data() + length.size(), body);
  return bytes.size() < head.size() + body ? 0 : head.size() + body;
}

}  // namespace pushbench::bench
