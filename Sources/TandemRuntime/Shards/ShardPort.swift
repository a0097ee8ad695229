// SPDX-License-Identifier: Apache-2.0
// The synchronous door to a shard for code that runs on its executor: connections, and the simulator.

import TandemDomain
package import TandemPlatform
package import TandemPrimitives

/// What a connection may ask of its shard; every method must be called on the shard's executor.
package struct ShardPort: Sendable {
  private let shard: Shard

  init(shard: Shard) { self.shard = shard }

  package var executor: any ShardExecutor { shard.executor }
  package var index: Int { shard.index }

  /// Hands a call over; it is answered exactly once through its sink, never within this method's caller.
  package func submit(_ call: consuming Call, to tenant: TenantID) {
    let isOfUser = if case .user = call.principal { true } else { false }
    let deal = call.request.deal
    hand(Submission(work: .call(consume call), tenant: tenant, isOfUser: isOfUser, deal: deal))
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
    hand(Submission(work: work, tenant: tenant))
  }

  private func hand(_ item: consuming Submission) {
    invariant(shard.executor.isCurrent, "a shard was entered from another thread")
    ShardEntrance.submit(shard, &item)
  }
}

/// Work with its address.
struct Submission {
  /// Taken by who carries it out.
  var work: Work?
  let tenant: TenantID
  /// The call of a user, and the deal it asks for: read here once, since looking into the work takes
  /// hold of all that is in it.
  var isOfUser = false
  var deal: DealID?
}

extension Shard {
  func take(_ item: inout Submission) {
    if case .call = item.work { return submit(&item) }
    guard let work = item.work.take() else { return }
    if case .authenticate(let key, let secretHash, let done) = work {
      return authenticate(key, secretHash, of: item.tenant, done)
    }
    // Streams of a tenant that is not here ended with it.
    if let entry = entries[item.tenant] { enqueue(work, entry) }
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
