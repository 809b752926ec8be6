#include "made_result.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>

namespace pushbench::report {

using namespace std::chrono_literals;

namespace {

constexpr int kSeconds = 12;
constexpr int kPerSecond = 200;
constexpr std::uint64_t kDelivered = kSeconds * kPerSecond;

struct Kind {
  const char* name;
  std::int64_t latency_us;
  std::int64_t spread_us;
  std::uint64_t asked, empty, other;
  std::uint64_t heads, bodies, frames;  // a delivery
};

constexpr std::array kKinds{
    Kind{"polling", 100, 100'000, 12'000, 9'800, 120, 1400, 150, 0},
    Kind{"long-polling", 300, 2'000, 2'500, 40, 120, 420, 150, 0},
    Kind{"sse", 200, 800, 0, 0, 220, 30, 140, 28},
    Kind{"websocket", 180, 700, 0, 0, 100, 9, 140, 6},
};

void fill_latency(harness::Repetition& r, const Kind& kind, std::mt19937& random) {
  harness::Histogram second;
  for (int s = 0; s < kSeconds; ++s) {
    second.clear();
    for (int i = 0; i < kPerSecond; ++i) {
      const auto part = static_cast<std::int64_t>(random() % 1000);
      second.record(kind.latency_us + kind.spread_us * part / 1000);
    }
    r.delivery_latency.add(second);
    r.by_second.push_back({static_cast<double>(s), 1.0, second.sparse()});
  }
  for (int i = 0; i < 1000; ++i) r.lateness.record(static_cast<std::int64_t>(random() % 50));
}

void fill_traffic(harness::Repetition& r, const Kind& kind, std::uint64_t more) {
  r.exchanges = {kind.asked + kind.other,
                 kind.asked,
                 kind.asked == 0 ? 0 : kind.empty + more,
                 100,
                 100,
                 0,
                 0,
                 0};
  r.payload = {4'000, kDelivered * 60};
  r.bytes.heads = {kDelivered * kind.heads / 2, kDelivered * (kind.heads - kind.heads / 2)};
  r.bytes.bodies = {9'000, kDelivered * kind.bodies + more};
  const harness::Directions frames{kind.frames * 100, kDelivered * kind.frames};
  r.bytes.application = r.bytes.heads + r.bytes.bodies + frames;
  r.bytes.tls = {kDelivered * 11, kDelivered * 22};
  r.bytes.network =
      r.bytes.application + r.bytes.tls + harness::Directions{kDelivered * 52, kDelivered * 60};
  r.bytes.segments = {kDelivered, kDelivered};
  r.whole = r.bytes;
}

harness::Repetition repetition_of(const Kind& kind, std::uint64_t number) {
  std::mt19937 random(
      static_cast<unsigned>(number * 7 + static_cast<std::uint64_t>(kind.spread_us)));
  harness::Repetition r;
  r.started_s = static_cast<double>(number) * 20;
  r.users = r.users_asked = 100;
  r.duration_s = kSeconds + 0.125;
  r.messages.published = 24;
  r.messages.expected = r.messages.delivered = kDelivered;
  fill_latency(r, kind, random);
  fill_traffic(r, kind, number * 3);
  r.server = {kDelivered * (kind.heads / 40 + 3) + number * 100, 9'000'000 + number * 4096, 512};
  r.harness_cpu_us = 90'000;
  r.events = {24, 24};
  r.threads.push_back({90'000, 0.01});
  r.theory.mean_latency_us = static_cast<double>(kind.latency_us + kind.spread_us / 2) * 0.9;
  r.theory.p99_latency_us = static_cast<double>(kind.latency_us + kind.spread_us);
  r.theory.max_latency_us = static_cast<double>(kind.latency_us + kind.spread_us);
  if (kind.asked > 0) r.theory.empty_share = 0.8;
  r.theory.network_up = 100;
  r.theory.network_down = static_cast<double>(kind.heads + 300);
  return r;
}

std::string request_of(const std::string& target, std::size_t body) {
  return "GET " + target +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body) + "\r\n\r\n";
}

/// A user that says something and hears it, and over polling hears nothing once. `name` is what is
/// said, and in the heads.
harness::WireView wire_of(const std::string& transport, const std::string& name) {
  harness::WireView view{"u3", 1.25, 1, {}, false};
  const auto add = [&view](std::int64_t at_us, bool up, std::uint32_t connection, const char* kind,
                           const std::string& head, const std::string& body) {
    const std::size_t size = kind == std::string("frame") ? (head.size() + 1) / 3 : head.size();
    view.events.push_back({at_us, up, connection, kind, head, body, size, body.size()});
  };
  const std::string poll = request_of("/rooms/" + name + "/poll?after=k.17", 0);
  const std::string ok = "HTTP/1.1 200 OK\r\nName: " + name + "\r\n\r\n";
  if (transport == "websocket") {
    add(50'200, true, 1, "frame", "81 fe 00 98 81 1c e0 2b", name);
    add(50'900, false, 1, "frame", "81 7e 00 b5", name);
    return view;
  }
  if (transport == "polling") {
    add(12'000, true, 1, "request", poll, "");
    add(12'100, false, 1, "response", "HTTP/1.1 204 No Content\r\n\r\n", "");
  }
  add(50'100, true, 2, "request", request_of("/rooms/r/messages", name.size()), name);
  add(50'400, false, 2, "response", ok, "{\"seq\":18}");
  if (transport == "sse") {
    add(50'500, false, 1, "event", "b5\r\nid: k.18\ndata: \n\n\r\n", name);
    return view;
  }
  if (transport == "polling") add(112'000, true, 1, "request", poll, "");
  add(112'300, false, 1, "response", ok, name);
  if (transport == "long-polling") add(112'301, true, 1, "request", poll, "");
  view.more = transport == "long-polling";
  return view;
}

}  // namespace

harness::RunResult made_result(const std::string& name) {
  harness::RunResult result;
  result.scenario = name;
  result.purpose = "What does it cost to say " + name + "?";
  result.seed = 7;
  result.tls = true;
  result.schedule_hash = "0123456789abcdef";
  result.headers = name;
  result.overrides = {"headers=" + name};
  result.links.push_back({name, {20ms, 5ms, 1e6, 0}, "0s", {}});
  result.context = {"2026-01-31T12:00:00Z",
                    {"0.1.0", "abc"},
                    {name, 2, 8'000'000'000, "Linux 6.1"},
                    "g++ 12",
                    "libuv 1"};
  result.floor.emplace();
  result.floor->delivered = 1000;
  for (int i = 0; i < 1000; ++i) result.floor->delivery_latency.record(5 + i % 5);
  result.floor->cpu_us_per_delivery = 0.5;
  for (const Kind& kind : kKinds) {
    harness::TransportResult transport{
        kind.name, {{"interval", name}}, {}, wire_of(kind.name, name)};
    for (std::uint64_t i = 0; i < 3; ++i) transport.repetitions.push_back(repetition_of(kind, i));
    result.transports.push_back(std::move(transport));
  }
  return result;
}

}  // namespace pushbench::report
