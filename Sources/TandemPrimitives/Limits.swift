// SPDX-License-Identifier: Apache-2.0
// Every bound of the system in one table. Relations between bounds are checked by LimitsTests.

/// The bounds that hold everywhere; those that an operator may change are in `LimitSettings`.
package enum Limits {
  // MARK: Frames and calls (announced in WELCOME)
  package static let frameHeaderBytes = 16
  package static let frameBytesCeiling = (1 << 24) - 1
  package static let helloBytes = 16 * 1024
  package static let welcomeBytes = 64 * 1024
  package static let pingBytes = 64
  package static let goAwayBytes = 4 * 1024
  package static let ignorableFrameBytes = 4 * 1024
  package static let metaBytes = 8 * 1024
  package static let beforeWelcomeFrameBytes = 64 * 1024
  package static let beforeWelcomeCalls = 16
  package static let beforeWelcomeBufferBytes = 80 * 1024
  package static let idempotencyKeyBytes = 8...64
  package static let lingerBytes = 64 * 1024
  package static let streamCreditCeiling: Int64 = (1 << 31) - 1

  // MARK: Guard before unpack
  package static let messageDepth = 8
  /// As many as a whole transaction of deals with their people has.
  package static let messageFields = 16_384
  package static let messageUnknownFields = 64
  package static let repeatedElements = 10_000

  // MARK: Server loop
  package static let framesPerConnectionTurn = 256
  package static let bytesPerConnectionTurn = 256 * 1024
  package static let outputPauseBytes = 4 * 1024 * 1024
  package static let outputResumeBytes = 1024 * 1024
  package static let callsPerTenantTurn = 256
  package static let callsQueuedPerTenant = 4_096
  package static let authenticationsPerTenant = 256
  package static let readBufferBytes = 64 * 1024

  // MARK: Journal
  package static let partitions = 256
  package static let commitBytes = 256 * 1024
  package static let batchBytes = 1024 * 1024
  package static let segmentBytes = 64 * 1024 * 1024
  package static let framePaddingBytes = 4096

  /// Open deals of a customer that are compared with a new one.
  package static let duplicateCandidates = 50
  /// Deals of a customer among which open ones are sought.
  package static let dealsOfCustomer = 1_000

  // MARK: Tenants
  package static let feedRingBytes = 1024 * 1024
  /// A commit that tells a watch more is told in parts, as every client takes frames of this size.
  package static let feedItemBytes = 56 * 1024
  /// Watches of one organisation that read a snapshot; each holds a picture of all deals.
  package static let feedSnapshotsPerTenant = 8
  /// Deals of a snapshot that one turn looks at, whether they are told or not.
  package static let feedSnapshotDealsPerTurn = 2_000
  package static let outboxEntries = 10_000
  package static let mailboxEntries = 4_096
  package static let ledgerBytes = 8 * 1024 * 1024
  package static let ledgerAnswerBytes = 1024
  package static let notificationsPerUser = 1_000
  package static let usersPerOrganisation = 10_000
  package static let locationsPerOrganisation = 5_000
  package static let keysPerOrganisation = 1_000
  package static let stageNames = 50
  /// Few enough for one message.
  package static let routingRules = 100
  package static let solutionsPerRoutingRule = 20
  package static let marketsPerRoutingRule = 20
  package static let customersPerRealm = 2_000_000
  /// So many have fewer fields than one message may have.
  package static let customersPerImport = 250
  package static let customersSuggested = 50
  /// Letters that must be typed before customers are suggested.
  package static let customerPrefixBytes = 2
  /// Customers whose name is looked at for one suggestion.
  package static let customersLookedAt = 2_000
  /// Entries of a list that a conflict names; the rest is counted.
  package static let entriesToldOfConflict = 10
  /// Digits of a D-U-N-S number.
  package static let dunsDigits = 9
  package static let solutionsPerOrganisation = 200
  package static let solutionsPerRealm = 20_000
  package static let solutionsPerPage = 1_000
  /// More than there are.
  package static let listsDescribed = 64
  package static let recentContacts = 200
  /// Looked through for recent contacts, of those that the caller may see.
  package static let recentContactDeals = 1_000
  /// Of one invitation; each tells everybody who may answer it.
  package static let extensionsPerInvitation: UInt8 = 10
  /// Less than that is no extension, but a sandbox's short answer window has a fraction of itself.
  package static let extensionLeastMilliseconds: Int64 = 3_600_000
  package static let extensionLeastParts: Int64 = 14
  /// More than there are.
  package static let countriesOfDesk = 300
  package static let organisationsPerRealm = 100_000
  /// Fewer than elsewhere: advancing the clock tells all of them in one commit.
  package static let organisationsPerSandbox = 1_000
  package static let realms = 1_000

  // MARK: Deals (domain.md G24)
  package static let nameBytes = 256
  package static let notesBytes = 10_000
  package static let externalIDBytes = 128
  package static let addressLineBytes = 256
  package static let reasonNotesBytes = 4_000
  package static let personFieldBytes = 256
  package static let teamMembers = 50
  package static let solutions = 50
  package static let tags = 20
  package static let tagCharacters = 64
  /// Twice every line of both lists, and every other field.
  package static let patchEdits = 256
  package static let customerContacts = 50
  package static let customerIDs = 20
  package static let counterparts = 20
  /// How often a realm may let the vendor be asked again after its no (domain.md 25a, G08).
  package static let vendorRetries: UInt32 = 1
  package static let favouritesPerUser = 10_000
  package static let pageRows = 10_000
  package static let dealsPerBatch = 1_000
  package static let transactionOperations = 100
  package static let pageBytes = 2 * 1024 * 1024

  // MARK: Leads (domain.md 18)
  /// All stand in memory; the vendor is told when none of them can make room for one more.
  package static let leadsPerOrganisation = 100_000
  /// What a customer wrote.
  package static let leadTextBytes = 2_000
  package static let leadsPerPage = 1_000
  /// Leads that one page looks at, whether they pass or not.
  package static let leadsLookedAt = 4_096
  /// Told one by one; of the rest of a day one entry tells.
  package static let leadsToldPerDay: UInt32 = 10

  // MARK: Lists and filters
  package static let filterClauses = 16
  package static let filterTerms = 16
  package static let filterValues = 64
  /// Of all terms of a filter together.
  package static let filterValuesInAll = 256
  package static let filterTextBytesInAll = 4_096
  /// Ten years.
  package static let filterSpanMilliseconds: Int64 = 3_650 * 86_400_000
  package static let searchedLetters = 3
  package static let groupFields = 2
  /// More than a deal has.
  package static let projectedFields = 64
  package static let dealGroups = 1_000
  /// Deals that one turn gathers and sorts for a page; longer lists are walked in their order.
  package static let dealsSorted = 10_000
  /// Deals that a walk or a sum looks at before others of its organisation have their turn.
  package static let dealsPerSlice = 1_024
  /// Comparisons of single bytes, when texts are searched, that count as a look at a deal.
  package static let searchStepsPerDeal = 8_192
  /// Items of a turn that a whole slice counts for.
  package static let itemsPerSlice = 128
  /// Lists and sums of one organisation that are under way over several turns.
  package static let scansPerTenant = 16
}
