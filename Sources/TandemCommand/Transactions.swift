// SPDX-License-Identifier: Apache-2.0
// `deal transact`: a file of changes that happen all or not at all.

import Foundation
import TandemClient

enum Transactions {
  static func transact(_ arguments: inout Arguments, _ output: Output) async throws -> Int32 {
    let file = try arguments.next("the FILE")
    let changes = try read(file)
    let validatesOnly = arguments.flag("validate-only")
    let options = try callOptions(&arguments)
    return try await withServer(&arguments) { client in
      var transaction = Transaction()
      for change in changes { try await change(&transaction, client) }
      let done = try await client.transact(
        transaction, validatesOnly: validatesOnly, options: options)
      try output.table(
        done, ["OPERATION", "DEAL", "VERSION", "WARNINGS"],
        done.results.enumerated().map { place, result in
          let warnings = result.warnings.map { "\($0.code) \($0.text)" }
          return [
            "\(place)", text(result.deal), "\(result.version)", warnings.joined(separator: "; "),
          ]
        })
    }
  }

  /// Adds what a line says, once a server is there to look up solutions.
  private typealias Change = (inout Transaction, Client) async throws -> Void

  private struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  private static func read(_ file: String) throws -> [Change] {
    let content: String
    do {
      content = try String(contentsOfFile: file, encoding: .utf8)
    } catch {
      throw Unreadable(description: "\(file) cannot be read as text")
    }
    var changes: [Change] = []
    for (index, line) in content.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      do throws(UsageError) {
        if let change = try change(String(line)) { changes.append(change) }
      } catch {
        throw UsageError("\(file), line \(index + 1): \(error.message)")
      }
    }
    guard !changes.isEmpty else { throw UsageError("\(file) has no operation") }
    return changes
  }

  /// What a line says; empty ones and comments say nothing.
  private static func change(_ line: String) throws(UsageError) -> Change? {
    let words = try words(of: line)
    guard let name = words.first else { return nil }
    var arguments = try Arguments(words.dropFirst())
    do {
      let change = try change(name, &arguments)
      try arguments.finish()
      return change
    } catch let error as UsageError {
      throw error
    } catch {
      throw UsageError("\(error)")
    }
  }

  private static func change(_ name: String, _ arguments: inout Arguments) throws -> Change {
    guard name != "create" else {
      let new = try DealChanges.deal(&arguments)
      return { transaction, client in
        var deal = new.deal
        deal.solutions = try await SolutionCommands.lines(new.solutions, client)
        transaction.create(deal)
      }
    }
    let known = [
      "patch", "invite", "extend", "accept", "win", "lose", "error", "decline", "acknowledge",
      "favourite",
    ]
    guard known.contains(name) else {
      throw UsageError(
        "\"\(name)\" is none of create, \(known.joined(separator: ", "))",
        hint: question(name, among: known))
    }
    return try change(name, of: deal(arguments.next("the deal (deal_… or @N)")), &arguments)
  }

  private static func change(
    _ name: String, of deal: TransactedDeal, _ arguments: inout Arguments
  ) throws -> Change {
    switch name {
    case "patch":
      let version: UInt64 = try arguments.number("base-version") ?? 0
      let asked = try DealChanges.patch(&arguments)
      return { transaction, client in
        transaction.patch(deal, try await asked.patch(client), baseVersion: version)
      }
    case "invite":
      let invitation = try DealChanges.invitation(&arguments)
      return { transaction, _ in transaction.invite(deal, invitation) }
    case "extend":
      let organisation = try DealChanges.invitee(&arguments)
      let end = try DealChanges.end(&arguments)
      return { transaction, _ in transaction.extend(deal, of: organisation, until: end) }
    case "accept":
      let acceptance = try DealChanges.acceptance(&arguments)
      return { transaction, _ in transaction.accept(deal, acceptance) }
    case "win":
      let version: UInt64 = try arguments.number("base-version") ?? 0
      return { transaction, _ in transaction.win(deal, baseVersion: version) }
    case "acknowledge": return { transaction, _ in transaction.acknowledge(deal) }
    case "favourite":
      let isFavourite = !arguments.flag("no")
      return { transaction, _ in transaction.setFavourite(deal, isFavourite) }
    default:
      let (reason, notes) = try DealCommands.closure(&arguments)
      return { transaction, _ in
        switch name {
        case "lose": transaction.lose(deal, reason: reason, notes: notes)
        case "error": transaction.closeAsError(deal, reason: reason, notes: notes)
        default: transaction.decline(deal, reason: reason, notes: notes)
        }
      }
    }
  }

  private static func deal(_ word: String) throws(UsageError) -> TransactedDeal {
    guard word.hasPrefix("@") else { return .existing(try Arguments.id(.deal, word)) }
    guard let place = UInt32(word.dropFirst()) else {
      throw UsageError("\"\(word)\" is no place such as @0")
    }
    return .created(by: place)
  }

  /// Words between spaces; those in quotation marks may hold spaces.
  ///
  /// A word that begins with # ends the line.
  private static func words(of line: String) throws(UsageError) -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for letter in line {
      switch letter {
      case "\"":
        isQuoted.toggle()
        word = word ?? ""
      case " ", "\t", "\r":
        if isQuoted {
          word?.append(letter)
        } else if let ended = word {
          words.append(ended)
          word = nil
        }
      case "#" where word == nil: return words
      default: word = (word ?? "") + String(letter)
      }
    }
    guard !isQuoted else { throw UsageError("a quotation mark is missing") }
    if let word { words.append(word) }
    return words
  }
}
