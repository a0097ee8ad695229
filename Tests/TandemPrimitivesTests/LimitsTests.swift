// SPDX-License-Identifier: Apache-2.0
// The relations between bounds, which no single number shows.

import TandemPrimitives
import Testing

struct LimitsTests {
  /// The payload that a server accepts unless it is configured otherwise (announced in WELCOME).
  private static let announcedFrameBytes = 4 * 1024 * 1024

  @Test func `a full page fits into an announced frame`() {
    #expect(Limits.pageBytes <= Self.announcedFrameBytes / 2)
    #expect(Self.announcedFrameBytes <= Limits.frameBytesCeiling)
    #expect(Limits.pageRows <= Limits.repeatedElements)
  }

  @Test func `a full page fits into the output of a connection that is not paused`() {
    #expect(Limits.pageBytes + Limits.frameHeaderBytes <= Limits.outputPauseBytes)
    #expect(Limits.outputResumeBytes < Limits.outputPauseBytes)
  }

  @Test func `frames of the handshake fit into what is buffered before it is done`() {
    #expect(Limits.helloBytes + Limits.beforeWelcomeFrameBytes <= Limits.beforeWelcomeBufferBytes)
    #expect(Limits.helloBytes <= Limits.readBufferBytes)
    #expect(Limits.beforeWelcomeFrameBytes <= Limits.readBufferBytes)
    #expect(Limits.welcomeBytes <= Limits.frameBytesCeiling)
  }

  @Test func `frames of control fit into a read buffer`() {
    let bounds = [
      Limits.pingBytes, Limits.goAwayBytes, Limits.ignorableFrameBytes, Limits.metaBytes,
    ]
    for bound in bounds { #expect(bound + Limits.frameHeaderBytes <= Limits.readBufferBytes) }
    #expect(Limits.idempotencyKeyBytes.upperBound < Limits.metaBytes)
  }

  @Test func `one turn of a connection ends within its queue of calls`() {
    #expect(Limits.framesPerConnectionTurn <= Limits.callsQueuedPerTenant)
    #expect(Limits.callsPerTenantTurn <= Limits.callsQueuedPerTenant)
    #expect(Limits.readBufferBytes <= Limits.bytesPerConnectionTurn)
  }

  @Test func `a commit fits into a batch and a batch into a segment`() {
    #expect(Limits.commitBytes < Limits.batchBytes)
    #expect(Limits.batchBytes <= Limits.segmentBytes / 16)
    #expect(Limits.segmentBytes % Limits.framePaddingBytes == 0)
    #expect(Limits.framePaddingBytes.nonzeroBitCount == 1)
  }

  @Test func `a commit fits into the ring of its feed`() {
    #expect(Limits.commitBytes <= Limits.feedRingBytes / 4)
  }

  @Test func `a part of a commit fits into the smallest frame that a client may announce`() {
    #expect(Limits.feedItemBytes + Limits.metaBytes <= Limits.beforeWelcomeFrameBytes)
  }

  @Test func `a whole commit and a deal fit into an announced frame`() {
    // Of one event at the least; events are not cut.
    #expect(Limits.commitBytes * 2 <= Self.announcedFrameBytes)
  }

  @Test func `an answer of the ledger fits into it many times`() {
    #expect(Limits.ledgerAnswerBytes * 1_000 <= Limits.ledgerBytes)
  }

  @Test func `the texts of one deal fit into one commit`() {
    let texts =
      Limits.nameBytes * 2 + Limits.notesBytes + Limits.externalIDBytes + Limits.reasonNotesBytes
      + Limits.addressLineBytes * 8 + (Limits.teamMembers + Limits.customerContacts)
      * Limits.personFieldBytes * 4
      + Limits.solutions * Limits.nameBytes
    #expect(texts <= Limits.commitBytes)
  }

  @Test func `a patch may name every line of both lists twice`() {
    #expect(Limits.patchEdits >= 2 * (Limits.teamMembers + Limits.solutions))
  }

  @Test func `a data directory has the partitions that its format fixes for life`() {
    #expect(Limits.partitions == 256)
  }
}
