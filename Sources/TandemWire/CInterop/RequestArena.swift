// SPDX-License-Identifier: Apache-2.0
// Memory that one unpacked request lives in. What a request says is copied out before the next one.

internal import CProtobufC
internal import CTandemWire

/// Owns the arena; memory is kept from request to request.
@safe
package struct RequestArena: ~Copyable {
  private var arena: tandem_arena

  package init() { unsafe arena = tandem_arena() }

  deinit {
    var dying = unsafe arena
    unsafe tandem_arena_free(&dying)
  }

  /// Guard, then unpack.
  ///
  /// The result dies with the next call and must not leave `CInterop`.
  mutating func unpack(
    _ method: Method, _ body: UnsafeRawBufferPointer
  ) throws(WireError) -> UnpackedMessage {
    guard let descriptor = unsafe tandem_request_descriptor(method.rawValue) else {
      throw WireError("method \(method.rawValue) takes no message")
    }
    let bytes = unsafe body.bindMemory(to: UInt8.self)
    if let fault = unsafe Guard.fault(descriptor, bytes, refuseUnknown: true) { throw fault }
    let start = unsafe tandem_arena_unpack(&arena, descriptor, bytes.baseAddress, bytes.count)
    guard let start = unsafe start else {
      let tooLarge = unsafe arena.exhausted
      throw WireError(
        tooLarge
          ? "the request needs more memory than its \(body.count) bytes allow"
          : "the request is not the message that the method takes")
    }
    return unsafe UnpackedMessage(
      start: start, memory: UnsafeRawBufferPointer(start: arena.base, count: arena.used))
  }
}

/// One unpacked message; points into the arena.
@unsafe
struct UnpackedMessage: ~Copyable {
  let start: UnsafeMutableRawPointer
  let memory: UnsafeRawBufferPointer

  /// The message where it lies, for large ones of which little is read.
  borrowing func pointer<Message>(_: Message.Type) -> UnsafePointer<Message> {
    unsafe UnsafePointer(start.assumingMemoryBound(to: Message.self))
  }

  borrowing func `as`<Message>(_: Message.Type) -> Message {
    unsafe start.assumingMemoryBound(to: Message.self).pointee
  }
}
