#pragma once

#include "net/clock.h"

namespace pushbench::net {

/// What lies between one user and the server.
struct LinkProfile {
  Duration delay{};   // one way, each way
  Duration jitter{};  // each direction adds 0 to this, uniformly, order kept within a connection
  double up = 0;      // bits a second from user to server; 0: no limit
  double down = 0;    // bits a second from server to user; 0: no limit

  bool ideal() const {  // there is nothing to emulate
    return delay == Duration::zero() && jitter == Duration::zero() && up == 0 && down == 0;
  }
};

}  // namespace pushbench::net
