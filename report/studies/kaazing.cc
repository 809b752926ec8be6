#include "report/studies/kaazing.h"

#include <fmt/format.h>

#include <array>

#include "report/numbers.h"
#include "report/studies/own_bytes.h"

namespace pushbench::report::kaazing {

namespace {

constexpr double kMega = 1e6;

// Examples 2 and 3 of the article; what it breaks into several lines is one here.
constexpr std::array<std::string_view, 11> kRequest{
    "GET /PollingStock//PollingStock HTTP/1.1",
    "Host: localhost:8080",
    "User-Agent: Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.9.1.5) Gecko/20091102 "
    "Firefox/3.5.5",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language: en-us",
    "Accept-Encoding: gzip,deflate",
    "Accept-Charset: ISO-8859-1,utf-8;q=0.7,*;q=0.7",
    "Keep-Alive: 300",
    "Connection: keep-alive",
    "Referer: http://www.example.com/PollingStock/",
    "Cookie: showInheritedConstant=false; showInheritedProtectedConstant=false; "
    "showInheritedProperty=false; showInheritedProtectedProperty=false; showInheritedMethod=false; "
    "showInheritedProtectedMethod=false; showInheritedEvent=false; showInheritedStyle=false; "
    "showInheritedEffect=false"};
constexpr std::array<std::string_view, 6> kResponse{
    "HTTP/1.x 200 OK",
    "X-Powered-By: Servlet/2.5",
    "Server: Sun Java System Application Server 9.1_02",
    "Content-Type: text/html;charset=UTF-8",
    "Content-Length: 21",
    "Date: Sat, 07 Nov 2009 00:32:46 GMT"};

/// Mbit/s that `bytes` in the time of the schedule are.
double mbit(const StudyRun& run, double bytes) {
  return bytes * 8 / std::chrono::duration<double>(run.plan.schedule.duration).count() / kMega;
}

/// What one transport's run came to. Bytes are of one repetition, of both directions.
struct Traffic {
  double headers = 0;      // bytes a message, measured
  double application = 0;  // bytes, measured
  double by_theory = 0;    // the same
  double network = 0;      // by theory
};

Traffic traffic_of(const StudyRun& run, std::string_view transport, double headers) {
  const Pooled sum = pooled(run, transport);
  const harness::Theory& theory = first_repetition(run, transport).theory;
  const auto repetitions = static_cast<double>(sum.repetitions);
  const double delivered = static_cast<double>(sum.messages.delivered) / repetitions;
  const auto of = [delivered](const std::optional<double>& up, const std::optional<double>& down) {
    return (up.value_or(0) + down.value_or(0)) * delivered;
  };
  return {headers, sum.application() / repetitions,
          of(theory.application_up, theory.application_down),
          of(theory.network_up, theory.network_down)};
}

/// All header bytes of the polls in a second, as Mbit/s: what was sent, less publishing and
/// batches.
double measured_polling_mbit(const StudyRun& run) {
  const Pooled sum = pooled(run, "polling");
  const harness::Directions posts = modelled_posts(run);
  const double rest = modelled_batches(run, sum.repetitions, sum.useful()) +
                      static_cast<double>((posts.up + posts.down) * sum.repetitions);
  return (sum.application() - rest) * 8 / sum.seconds / kMega;
}

/// The headers' rows for all the use cases. What was measured with fewer clients is scaled up.
void add_use_cases(StudyFindings& findings, std::string_view name, double headers,
                   const double (&published)[3], double measured, double measured_clients) {
  for (std::size_t i = 0; i < 3; ++i) {
    const double scale = kClients[i] / measured_clients;
    findings.rows.push_back(
        {fmt::format("{}, {} clients{}", name, thousands(static_cast<std::uint64_t>(kClients[i])),
                     scale == 1 ? "" : "*"),
         StudyUnit::mbit, published[i], header_mbit(headers, kClients[i]), measured * scale});
  }
}

void add_layers(StudyFindings& findings, const StudyRun& run, const Traffic& polling,
                const Traffic& websocket) {
  auto& rows = findings.rows;
  rows.push_back({fmt::format("All that {} clients send and receive, Mbit/s",
                              thousands(run.plan.schedule.users()))});
  const auto add = [&](std::string figure, double arithmetic, std::optional<double> measured) {
    rows.push_back({std::move(figure), StudyUnit::mbit, {}, mbit(run, arithmetic), measured});
  };
  add("polling, with the messages", polling.by_theory, mbit(run, polling.application));
  add("WebSocket, with the messages", websocket.by_theory, mbit(run, websocket.application));
  add("polling, with TCP/IP", polling.network, {});
  add("WebSocket, with TCP/IP", websocket.network, {});
}

void add_ratios(StudyFindings& findings, const Traffic& polling, const Traffic& websocket) {
  auto& rows = findings.rows;
  rows.push_back({"Polling's bytes for each byte of WebSocket's"});
  rows.push_back({"headers alone", StudyUnit::number, kPollingMbit[2] / kWebSocketMbit[2],
                  kHeaders / kFrame, polling.headers / websocket.headers});
  rows.push_back({"with the messages",
                  StudyUnit::number,
                  {},
                  polling.by_theory / websocket.by_theory,
                  polling.application / websocket.application});
  rows.push_back({"with TCP/IP", StudyUnit::number, {}, polling.network / websocket.network, {}});
}

void add_words(StudyFindings& findings, const StudyRun& run, const Traffic& polling,
               const Traffic& websocket) {
  const Pooled sum = pooled(run, "polling");
  const std::string clients = thousands(run.plan.schedule.users());
  findings.words.push_back(fmt::format(
      "* Scaled: measured with {} clients, and multiplied. Every client has its own exchanges, of "
      "sizes that do not depend on how many others there are.",
      clients));
  findings.words.push_back(fmt::format(
      "Where they differ: the article's figures are a multiplication, and it is right. Our polls "
      "cost a little less than theirs, because {:.1f} % of them found nothing, and a 204 has a "
      "shorter head than a 200. The article counts 871 characters of the lines it prints, without "
      "their ends: on the wire those heads are {:.0f} bytes. It also takes 1,048,576 bits for a "
      "megabit, and writes 6.6, 66 and 665 Mbps for what are 6.968, 69.68 and 696.8.",
      sum.exchanges.empty_share() * 100, bytes_on_the_wire()));
  findings.words.push_back(fmt::format(
      "What it missed: a byte of header is not sent without its message and its packet. With the "
      "messages, as JSON that says who and when, {} : 1 becomes {:.1f} : 1, and with TCP/IP {:.1f} "
      ": 1, since a frame of two bytes more travels in a packet with 52 bytes of headers, and is "
      "acknowledged by another. Two bytes are the least there is: from 126 bytes of message on it "
      "takes four, and what a client sends is masked, which takes four more. And the sum assumes "
      "that every poll brings a message. If messages are rare, nearly all of polling's bytes buy "
      "nothing; if several come between two polls, they share one head.",
      significant(polling.headers / websocket.headers), polling.application / websocket.application,
      polling.network / websocket.network));
}

std::vector<StudyStep> steps(bool quick) {
  StudyStep step{"run", "studies/kaazing", {"polling", "websocket"}, {}};
  if (quick) {
    step.overrides = {"users.count=50", "users.join=100ms", "run.warmup=100ms",
                      "traffic.duration=3s"};
  }
  return {step};
}

StudyFindings findings(const std::vector<StudyRun>& runs) {
  const StudyRun& run = runs.front();
  const harness::ExchangeSizes poll = measured_exchange(run, "polling");
  const Traffic polling = traffic_of(run, "polling", poll.request_head + poll.response_head);
  const Traffic websocket = traffic_of(run, "websocket", measured_frame_header(run));
  const auto clients = static_cast<double>(run.plan.schedule.users());

  StudyFindings findings;
  findings.rows = {
      {"Header bytes of one message"},
      {"poll: request and response", StudyUnit::bytes, kHeaders, printed_characters(),
       polling.headers},
      {"the article's, with line ends", StudyUnit::bytes, {}, bytes_on_the_wire(), {}},
      {"WebSocket: frame", StudyUnit::bytes, kFrame,
       static_cast<double>(harness::ByteModel::frame(20, false) - 20), websocket.headers},
      {"Headers alone, Mbit/s"}};
  add_use_cases(findings, "polling", kHeaders, kPollingMbit, measured_polling_mbit(run), clients);
  const double frames =
      mbit(run, websocket.headers * static_cast<double>(run.plan.schedule.expected_deliveries()));
  add_use_cases(findings, "WebSocket", kFrame, kWebSocketMbit, frames, clients);
  add_layers(findings, run, polling, websocket);
  add_ratios(findings, polling, websocket);
  add_words(findings, run, polling, websocket);
  return findings;
}

template <std::size_t request, std::size_t response>
double characters(const std::array<std::string_view, request>& asked,
                  const std::array<std::string_view, response>& answered) {
  std::size_t sum = 0;
  for (const std::string_view line : asked) sum += line.size();
  for (const std::string_view line : answered) sum += line.size();
  return static_cast<double>(sum);
}

}  // namespace

double printed_characters() { return characters(kRequest, kResponse); }

double bytes_on_the_wire() {
  constexpr std::size_t lines = kRequest.size() + kResponse.size() + 2;
  return printed_characters() + static_cast<double>(2 * lines);
}

double header_mbit(double headers, double clients) {
  return harness::bits_per_second(headers, 1, clients) / kMega;
}

Study study() {
  return {"kaazing",
          "871 B of HTTP headers a poll, 2 B a WebSocket frame",
          "Lubbers, Greco 2010",
          "websocket.org/quantum.html",
          steps,
          findings};
}

}  // namespace pushbench::report::kaazing
