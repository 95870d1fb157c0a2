module;

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

export module weakref:socket;

import :object;
import :strong_ref;

namespace weakref {

/// A socket of the system, TCP over IPv4 unless told otherwise, which is closed when it dies. Operations
/// throw std::system_error when the system refuses, and on a closed socket.
///
/// ---- Thread safety: one socket may be used in several threads, but not while close() runs. Source: the
/// Python documentation, socket.socket.
export class socket : public object {
 public:
  socket();
  socket(int family, int type, int protocol = 0);
  /// Takes over a descriptor.
  explicit socket(int descriptor) noexcept : descriptor_(descriptor) {}
  socket(const socket&) = delete;
  socket& operator=(const socket&) = delete;
  ~socket() override;

  /// Host: an address in numbers ("127.0.0.1"). Port 0: any that is free.
  void bind(const std::string& host, std::uint16_t port);
  void listen(int backlog = 16);
  /// Waits for somebody to connect.
  [[nodiscard]] strong_ref<socket> accept();
  void connect(const std::string& host, std::uint16_t port);

  /// The number of bytes that were sent.
  std::size_t send(std::string_view bytes);
  /// Sends all.
  void sendall(std::string_view bytes);
  /// Waits for at least one byte; empty when the other end is closed.
  [[nodiscard]] std::string recv(std::size_t most);

  /// Its own address: host and port.
  [[nodiscard]] std::pair<std::string, std::uint16_t> getsockname() const;

  /// -1 once it is closed.
  [[nodiscard]] int fileno() const noexcept { return descriptor_; }
  /// Does nothing if it is closed.
  void close();

 private:
  int descriptor_;
};

/// Two that are connected with each other. Source: socket.socketpair.
export [[nodiscard]] std::pair<strong_ref<socket>, strong_ref<socket>> socketpair();

}  // namespace weakref
