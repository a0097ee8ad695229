// SPDX-License-Identifier: Apache-2.0
// The synchronous door to a shard for code that runs on its executor: connections, and the simulator.

import TandemDomain
package import TandemPlatform
package import TandemPrimitives
import TandemWire

/// What a connection may ask of its shard; every method must be called on the shard's executor.
package struct ShardPort: Sendable {
  private let shard: Shard

  init(shard: Shard) { self.shard = shard }

  package var executor: any ShardExecutor { shard.executor }
  package var index: Int { shard.index }

  /// Hands a call over; it is answered exactly once through its sink, never within this method's caller.
  package func submit(_ call: consuming Call, to tenant: TenantID) {
    checkThread()
    var item = Submission(call: call, tenant: tenant)
    ShardEntrance.submit(shard, &item)
  }

  /// Hands over the calls of one connection at once; each is answered as one that comes alone is.
  ///
  /// True when some found no room: those stay in the batch with the reason, for the caller to tell.
  package func submit(_ calls: inout CallBatch, to tenant: TenantID, isOfUser: Bool) -> Bool {
    checkThread()
    calls.tenant = tenant
    calls.isOfUser = isOfUser
    ShardEntrance.submitAll(shard, &calls)
    return !calls.refusals.isEmpty
  }

  /// Cancels a stream; it ends with CANCELLED.
  package func cancel(_ ticket: Ticket, of sink: any AnswerSink, in tenant: TenantID) {
    hand(.cancel(ticket, sink: sink), tenant)
  }

  /// Lets a stream send more bytes.
  package func grant(
    _ bytes: Int64, to ticket: Ticket, of sink: any AnswerSink, in tenant: TenantID
  ) {
    hand(.credit(bytes, ticket, sink: sink), tenant)
  }

  /// The connection is gone: its streams end without an answer.
  package func disconnect(_ sink: any AnswerSink, from tenant: TenantID) {
    hand(.disconnect(sink: sink), tenant)
  }

  /// Checks a key; unknown tenants take the same way as wrong secrets.
  package func authenticate(
    _ tenant: TenantID, key: KeyID, secretHash: [UInt8],
    _ done: @escaping (Authentication) -> Void
  ) {
    hand(.authenticate(key, secretHash: secretHash, done: done), tenant)
  }

  private func hand(_ work: consuming Work, _ tenant: TenantID) {
    checkThread()
    var item = Errand(work: work, tenant: tenant)
    ShardEntrance.hand(shard, &item)
  }

  private func checkThread() {
    invariant(shard.executor.isCurrent, "a shard was entered from another thread")
  }
}

/// A call with its address.
struct Submission {
  let call: Call
  let tenant: TenantID
}

/// Other work with its address.
struct Errand {
  let work: Work
  let tenant: TenantID
}

extension Principal {
  var isUser: Bool { if case .user = self { true } else { false } }
}

extension Shard {
  /// Queues a call, or answers at once that there is no room, no right to more, or no such tenant.
  func submit(_ item: inout Submission) {
    do throws(ErrorStatus) {
      let entry = try serving(item.tenant)
      try admit(to: entry, isUser: item.call.principal.isUser)
      counters.calls += 1
      entry.queue.push(item.call, about: item.call.request.deal)
      makeRunnable(entry)
    } catch {
      refuse(item.call, error)
    }
  }

  /// Queues calls; leaves those that find no room in the batch, and the reason with them.
  func submit(_ batch: inout CallBatch) {
    let entry: TenantEntry
    do throws(ErrorStatus) { entry = try serving(batch.tenant) } catch {
      while let call = batch.queue.popCall() {
        batch.refusals.append(CallBatch.Refusal(ticket: call.ticket, error: error))
      }
      return
    }
    let count = batch.queue.count
    if hasRoom(for: count, of: entry, isUser: batch.isOfUser) {
      counters.calls += UInt64(count)
      entry.queue.append(taking: &batch.queue)
    } else {
      submitSome(of: &batch, to: entry)
    }
    if !entry.queue.isEmpty { makeRunnable(entry) }
  }

  private func submitSome(of batch: inout CallBatch, to entry: TenantEntry) {
    while let call = batch.queue.popCall() {
      do throws(ErrorStatus) {
        try admit(to: entry, isUser: batch.isOfUser)
        counters.calls += 1
        entry.queue.push(call, about: call.request.deal)
      } catch {
        batch.refusals.append(CallBatch.Refusal(ticket: call.ticket, error: error))
      }
    }
  }

  func take(_ item: inout Errand) {
    if case .authenticate(let key, let secretHash, let done) = item.work {
      return authenticate(key, secretHash, of: item.tenant, done)
    }
    // Streams of a tenant that is not here ended with it.
    if let entry = entries[item.tenant] { enqueue(item.work, entry) }
  }

  /// Whoever knocks has shown nothing yet, so only so many may wait, the held answers among them.
  private func authenticate(
    _ key: KeyID, _ secretHash: [UInt8], of tenant: TenantID,
    _ done: @escaping (Authentication) -> Void
  ) {
    if isStopping { return done(.unavailable) }
    guard let entry = entries[tenant] ?? nobodyAtHome() else { return done(.refused) }
    guard entry.authentications < Limits.authenticationsPerTenant else { return done(.busy) }
    entry.authentications += 1
    let told: (Authentication) -> Void = {
      entry.authentications -= 1
      done($0)
    }
    enqueue(.authenticate(key, secretHash: secretHash, done: told), entry)
  }
}
