#pragma once

#include <uv.h>

#include <memory>
#include <string>

#include "net/address.h"
#include "net/link.h"
#include "net/loop.h"
#include "net/stream.h"
#include "net/timer.h"

namespace pushbench::net {

class Acceptor {
 public:
  virtual ~Acceptor() = default;
  virtual void on_accept(std::unique_ptr<Stream> stream) = 0;  // not yet reading: call start()
  /// The link of the connection that comes next, whose peer is at its far end; null: there is none.
  virtual std::unique_ptr<Link> next_link() { return nullptr; }
  /// A connection could not be accepted for lack of something: descriptors, memory. Whoever waits
  /// goes on waiting in the kernel's queue; accepting is tried again every 100 ms, each time with
  /// this call if it fails.
  virtual void on_accept_failed(const std::string& /*reason*/) {}
};

/// A listening TCP socket. Destroying it stops listening; an Acceptor may do so in its callbacks.
class Listener {
 public:
  /// Port 0 picks a free one. Fails if the address is taken or not this machine's. With `tls`,
  /// which must outlive the listener and its streams, all streams speak TLS.
  static Result<std::unique_ptr<Listener>> listen(Loop& loop, const Address& address,
                                                  Acceptor& acceptor, TlsContext* tls = nullptr);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  Address address() const;  // with the port that was picked

 private:
  Listener(Loop& loop, Acceptor& acceptor, TlsContext* tls, int socket);
  void wait_for_connections();
  bool accept_one();
  void fail_for_now(const std::string& reason);

  Loop& loop_;
  Acceptor& acceptor_;
  TlsContext* tls_;
  int socket_;
  Handle<uv_poll_t> poll_;
  Timer retry_;
};

}  // namespace pushbench::net
