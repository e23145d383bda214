// What the Swift in README.md and docs/*.md takes for granted; see scripts/check-snippets.
import Logging
import Strata
import StrataTesting
import StrataTiering

struct Session: Sendable {}
struct Quota: Sendable {}
struct Page: Sendable {
    var size = 0
    var lifetime = Duration.seconds(60)
}
struct Order: Sendable {}

let session = Session()
let token = ""
let path = "/"
let seconds = 0.0
let bytes = 0.0
let key = ""
func render(_ path: String) async throws -> Page { Page() }

struct Database: Sendable {
    func columns(_ names: [[UInt8]], of key: [UInt8]) async throws -> [[UInt8]: [UInt8]] { [:] }
    func name(of key: [UInt8]) async throws -> [UInt8] { [] }
    func pages(_ paths: [String]) async throws -> [String: Page] { [:] }
}
let database = Database()
let logger = Logger(label: "snippets")
let store: any RemoteStore = InMemoryRemoteStore(clock: ManualClock().tieringClock)
