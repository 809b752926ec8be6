#pragma once

#include <uv.h>

#include <memory>

#include "net/address.h"
#include "net/loop.h"
#include "net/stream.h"

namespace pushbench::net {

class Acceptor {
 public:
  virtual ~Acceptor() = default;
  virtual void on_accept(std::unique_ptr<Stream> stream) = 0;  // not yet reading: call start()
};

/// A listening TCP socket. Destroying it stops listening.
class Listener {
 public:
  /// Port 0 picks a free one. Fails if the address is taken or not this machine's.
  static Result<std::unique_ptr<Listener>> listen(Loop& loop, const Address& address,
                                                  Acceptor& acceptor);
  Address address() const;  // with the port that was picked

 private:
  Listener(Loop& loop, Acceptor& acceptor);
  void on_connection(int status);

  Loop& loop_;
  Acceptor& acceptor_;
  Handle<uv_tcp_t> handle_;
};

}  // namespace pushbench::net
