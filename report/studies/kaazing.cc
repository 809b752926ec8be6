#include "report/studies/kaazing.h"

#include <fmt/format.h>

#include <array>

#include "net/segments.h"
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

/// What one message costs one client, in bytes of both directions.
struct Cost {
  double headers = 0;                 // measured
  double application = 0;             // measured: with the message, without publishing it
  double modelled = 0;                // the same by the byte model, if each poll brings a message
  double network = 0;                 // modelled, and what TCP/IP adds by its rules
  std::optional<double> on_the_wire;  // network as measured, if the kernel told
};

// Of TCP/IP: what one write costs that nothing answers, and what opens a connection and asks once.
constexpr double kPush = net::header_bytes(1) + net::ack_bytes(1);
constexpr double kAnswered = net::header_bytes(1) + kPush;
constexpr double kOpening = net::kOpening.out + net::kOpening.in;
constexpr double kUpgrade = 2 * net::header_bytes(1) + net::kFirstAcks.out + net::kFirstAcks.in;

/// What TCP/IP added, measured, in equal shares for `times`; `other` is not theirs.
std::optional<double> measured_packets(const StudyRun& run, std::string_view transport,
                                       double times, double other) {
  if (first_repetition(run, transport).network_source != "tcp_info") return std::nullopt;
  const Pooled sum = pooled(run, transport);
  const auto network = static_cast<double>(sum.bytes.network.up + sum.bytes.network.down);
  return (network - sum.application() - other) / times;
}

std::optional<double> operator+(double a, std::optional<double> b) {
  return b ? std::optional<double>(a + *b) : std::nullopt;
}

/// What a poll costs, be it empty or not.
Cost polling_cost(const StudyRun& run) {
  const Pooled sum = pooled(run, "polling");
  const auto polls = static_cast<double>(sum.exchanges.asked);
  const harness::ExchangeSizes measured = measured_exchange(run, "polling");
  const harness::ExchangeSizes ours = modelled_exchange(run, "polling");
  const harness::Directions posts = modelled_posts(run);
  const double bytes =
      sum.application() - static_cast<double>((posts.up + posts.down) * sum.repetitions);
  const double other = static_cast<double>(sum.exchanges.connections) * kOpening +
                       static_cast<double>(sum.messages.published) * kAnswered;
  return {measured.request_head + measured.response_head, bytes / polls, ours.all(),
          ours.all() + kAnswered, bytes / polls + measured_packets(run, "polling", polls, other)};
}

Cost websocket_cost(const StudyRun& run) {
  const Pooled sum = pooled(run, "websocket");
  const auto delivered = static_cast<double>(sum.messages.delivered);
  const double header = measured_frame_header(run);
  const double batches = modelled_batches(run, sum.repetitions, sum.messages.delivered);
  const double measured = header + batches / delivered;
  const auto batch = static_cast<std::size_t>(modelled_exchange(run, "polling").response_body);
  const auto frame = static_cast<double>(harness::ByteModel::frame(batch, false));
  const double other = static_cast<double>(sum.users) * (kOpening + kUpgrade) +
                       static_cast<double>(sum.messages.published) * net::header_bytes(1);
  return {header, measured, frame, frame + kPush,
          measured + measured_packets(run, "websocket", delivered, other)};
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
         StudyUnit::mbit, published[i], mbit(headers, kClients[i]), measured * scale});
  }
}

void add_layers(StudyFindings& findings, const StudyRun& run, const Cost& polling,
                const Cost& websocket) {
  const auto users = static_cast<double>(run.plan.schedule.users());
  const auto add = [&](std::string figure, double arithmetic, std::optional<double> measured) {
    if (measured) measured = mbit(*measured, users);
    findings.rows.push_back(
        {std::move(figure), StudyUnit::mbit, {}, mbit(arithmetic, users), measured});
  };
  findings.rows.push_back({fmt::format("With what the headers are for, {} clients, Mbit/s",
                                       thousands(run.plan.schedule.users()))});
  add("polling, with the message", polling.modelled, polling.application);
  add("WebSocket, with the message", websocket.modelled, websocket.application);
  add("polling, with TCP/IP", polling.network, polling.on_the_wire);
  add("WebSocket, with TCP/IP", websocket.network, websocket.on_the_wire);
}

std::optional<double> wire_ratio(const Cost& polling, const Cost& websocket) {
  if (!polling.on_the_wire || !websocket.on_the_wire) return std::nullopt;
  return *polling.on_the_wire / *websocket.on_the_wire;
}

void add_ratios(StudyFindings& findings, const Cost& polling, const Cost& websocket) {
  const auto number = StudyUnit::number;
  findings.rows.insert(findings.rows.end(),
                       {{"Polling's bytes for each byte of WebSocket's"},
                        {"headers alone", number, kPollingMbit[2] / kWebSocketMbit[2],
                         kHeaders / kFrame, polling.headers / websocket.headers},
                        {"with the message",
                         number,
                         {},
                         polling.modelled / websocket.modelled,
                         polling.application / websocket.application},
                        {"with TCP/IP",
                         number,
                         {},
                         polling.network / websocket.network,
                         wire_ratio(polling, websocket)}});
}

void add_words(StudyFindings& findings, const StudyRun& run, const Cost& polling,
               const Cost& websocket) {
  findings.words.push_back(fmt::format(
      "* Scaled: measured with {} clients, and multiplied. Every client has its own exchanges, "
      "whose sizes do not depend on how many others there are.",
      thousands(run.plan.schedule.users())));
  findings.words.push_back(fmt::format(
      "Where they differ: the article's figures are a multiplication, and it is right. Our polls "
      "cost a little less, because {:.1f} % of them found nothing, and a 204 has a shorter head "
      "than "
      "a 200. The article counts the {:.0f} characters of the lines that it prints, without their "
      "ends: on the wire those heads are {:.0f} bytes. It also takes 1,048,576 bits for a megabit, "
      "and writes 6.6, 66 and 665 Mbps for what are 6.968, 69.68 and 696.8.",
      pooled(run, "polling").exchanges.empty_share() * 100, printed_characters(),
      bytes_on_the_wire()));
  findings.words.push_back(fmt::format(
      "What it missed: no header travels without its message and its packet. With the message, "
      "JSON "
      "that says who and when, {} : 1 becomes {:.1f} : 1, and with TCP/IP {:.1f} : 1, since even a "
      "frame with two bytes of header goes in a packet with {} of its own, and another one "
      "acknowledges it. Two bytes are the least there is: from 126 bytes of message on it takes "
      "four, and what a client sends is masked, which takes four more. And the sum lets every poll "
      "bring one message. If messages are rare, nearly all of polling's bytes buy nothing; if "
      "several "
      "come between two polls, they share one head.",
      significant(polling.headers / websocket.headers), polling.application / websocket.application,
      polling.network / websocket.network, net::kSegmentHeader));
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
  const Cost polling = polling_cost(run);
  const Cost websocket = websocket_cost(run);
  const auto clients = static_cast<double>(run.plan.schedule.users());

  StudyFindings findings;
  findings.rows = {{"Header bytes of one message"},
                   {"poll: request and response", StudyUnit::bytes, kHeaders, printed_characters(),
                    polling.headers},
                   {"the article's, with line ends", StudyUnit::bytes, {}, bytes_on_the_wire(), {}},
                   {"WebSocket: frame", StudyUnit::bytes, kFrame,
                    static_cast<double>(harness::ByteModel::frame(0, false)), websocket.headers},
                   {"Headers alone, Mbit/s"}};
  add_use_cases(findings, "polling", kHeaders, kPollingMbit, measured_polling_mbit(run), clients);
  add_use_cases(findings, "WebSocket", kFrame, kWebSocketMbit, mbit(websocket.headers, clients),
                clients);
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

double mbit(double bytes, double clients) {
  return harness::bits_per_second(bytes, 1, clients) / kMega;
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
