// The exercise of lesson 4: a transport with its bodies left out. Each step below says what to do;
// build/release/skeleton says which one is next. Until the first is done, the path answers 501.
//
// To read before: servers/exchange.h (what a session is told, and what it may do with its host),
// servers/follower.h (who joins, catches up and leaves; you inherit it) and servers/sse.cc, which
// has most of the same things to do.

#include "course/skeleton/http_streaming.h"

#include "wire/http.h"

namespace pushbench::servers {

/// One subscriber: it follows its room until it closes the connection, or reads too slowly.
class HttpStreaming::Stream final : public Session, public Follower<Stream> {
 public:
  Stream(HttpStreaming& transport, const Exchange& exchange)
      : Follower(transport.streams_, exchange), transport_(transport) {}

  // Step 5. Who is gone may not stand in its room any more: the next batch would be written to a
  // stream that is no more. Leave here, and as soon as you hear of the end, in on_end().
  ~Stream() override = default;

  // Step 2. The head is on its way, and what is written from now on is the body. Begin with what
  // the subscriber lacks of what the room retains.
  // Step 7. Ask the host to wake you when deadlines.keep_alive is over.
  void start(SessionHost& host) override { host_ = &host; }

  // Step 2. A long backlog comes in several batches, each when the one before has left. This is
  // when.
  void on_flushed() override {}

  // Step 2. Write the batch as a line: its JSON as it is (it has no line break inside) and '\n'.
  // The line is one chunk (RFC 9112 §7.1): its size before it, a line end behind it. wire/http.h
  // has both.
  // Step 9. HTTP/1.0 has no chunks: who asked with it gets the line alone. The exchange knows, but
  // only until the constructor is done.
  void send(const Batch&) {}

  // Step 6. If more than options.max_queue is queued at the host, count the limit as hit, leave the
  // room, abort the connection and return true. Nothing is lost: the client comes back with its
  // `after`.
  bool cut_if_slow() { return false; }

 private:
  void on_bytes(std::span<char>) override {}  // a request behind one without an end is in vain

  // Step 5. See the destructor.
  void on_end() override {}

  // Step 7. The keep-alive time is over. If the host is stalled, nobody takes what waits for it:
  // count the limit ping_time as hit, leave and abort. If nothing is queued, write an empty line,
  // '\n' in a chunk of its own. And ask to be woken again.
  void on_wake() override {}

  // Step 8. The server stops. Leave, and end the response so that the client can tell a whole one
  // from a cut one: there is a last chunk for that. Then close the connection once all has left,
  // and in any case after deadlines.close.
  void shut_down() override {}

  const Shared& shared() const { return transport_.shared_; }

  HttpStreaming& transport_;
  SessionHost* host_ = nullptr;
};

HttpStreaming::~HttpStreaming() = default;

// Step 1. Begin a response that does not end, and hand the connection to a new Stream. Its head
// says 200, the content type application/x-ndjson, Cache-Control: no-store, and no length:
// servers/answer.h can make an answer of header lines alone.
void HttpStreaming::on_request(Exchange& exchange) {
  exchange.respond(shared_.answers.problem(
      501, "this transport is not written yet; course/skeleton/http_streaming.cc has the steps"));
}

// Step 3. Somebody has published: have the batch delivered to each stream of the room. Not sent:
// who is still catching up has it in its backlog, and Follower::deliver() knows.
// Step 4. The line is the same for all. Pack it here once, and hand everybody the same bytes: a
// second send() that takes the packed line does it.
void HttpStreaming::on_published(Room&, const Batch&) {}

}  // namespace pushbench::servers
