// SPDX-License-Identifier: Apache-2.0
// Messages between tenants: delivered in order until the receiver's mark is durable, sent again when not.

import TandemDomain
import TandemJournal
import TandemPlatform
import TandemPrimitives

extension Shard {
  /// Takes a message for one of this shard's tenants.
  ///
  /// One that no tenant has yet is the first of a new organisation, or an address that does not
  /// exist: then the empty tenant answers that.
  func deliver(_ envelope: Envelope) {
    // Before its partition was replayed nobody knows who lives there; the sender sends again.
    guard isServing, let entry = entries[envelope.receiver] ?? foundIfServing(envelope.receiver)
    else { return }
    // A full mailbox drops it; the sender sends again.
    guard entry.queue.count < Limits.mailboxEntries else { return }
    enqueue(.mail(envelope), entry)
  }

  private func foundIfServing(_ id: TenantID) -> TenantEntry? {
    let partition = placement.partition(of: id)
    guard logs.first(where: { $0.id == partition })?.stage == .serving else { return nil }
    return found(id)
  }

  /// A new tenant, awake and empty.
  func found(_ id: TenantID) -> TenantEntry {
    let entry = register(id)
    wakeUp(
      entry,
      Tenant(
        id: id, executor: executor, state: TenantState(), deals: EncodedDealStore(),
        position: .start))
    return entry
  }

  /// A receiver marked messages; several receipts become one commit of the sender.
  func mark(_ receipt: MailReceipt) {
    guard let entry = entries[receipt.sender] else { return }
    let waiting = entry.pendingMarks[receipt.receiver]
    entry.pendingMarks[receipt.receiver] = max(waiting ?? 0, receipt.through)
    guard waiting == nil else { return }
    enqueue(.command(.markOutbox(receiver: receipt.receiver)), entry)
  }

  /// A directory's news for the copies on this shard.
  func learn(_ news: DirectoryNews) {
    directories[news.realm, default: RealmDirectory()].put(news.entries)
    if let customers = news.customers { directories[news.realm]?.customers = customers }
    if let policy = news.policy { directories[news.realm]?.put(policy) }
    for solution in news.solutions {
      directories[news.realm, default: RealmDirectory()].put(solution)
    }
  }

  func publish(_ news: [DirectoryItem], of entry: TenantEntry) {
    guard let realm = entry.realm else { return }
    var told = DirectoryNews(realm: realm, entries: [], customers: nil, solutions: [])
    for item in news {
      switch item {
      case .organisation(let organisation): told.entries.append(organisation)
      case .customers(let customers): told.customers = customers
      case .solution(let solution): told.solutions.append(solution)
      case .policy(let change): told.policy = change
      }
    }
    router?.publish(told)
  }

  /// Sends again what was not marked in time.
  func resendMail(now: MonotonicInstant) {
    for entry in awake where entry.hasUnmarkedMail {
      let due = entry.lastMailSent.advanced(byMilliseconds: settings.mailResendMilliseconds)
      guard due <= now else { continue }
      entry.lastMailSent = now
      enqueue(.resend, entry)
    }
  }
}
