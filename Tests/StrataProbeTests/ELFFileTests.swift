import Foundation
import Testing

@testable import StrataProbe

@Suite struct ELFFileTests {
    @Test func readsThisProgram() throws {
        let file = try #require(ELFFile(path: "/proc/self/exe"))
        #expect(file.hasInterpreter)
        #expect(file.sections.contains { $0.name == ".text" })
        #expect(file.functions.contains { $0.name == "main" })
    }

    @Test func isNone_whenFileIsSomethingElse() {
        #expect(ELFFile(path: #filePath) == nil)
        #expect(ELFFile(path: "/nowhere/at/all") == nil)
        #expect(ELFFile(Data()) == nil)
    }

    /// A file that is cut off or whose bytes are wrong has fewer symbols; nothing is read beyond its end.
    @Test(arguments: 0..<20)
    func survivesDamage(seed: UInt64) throws {
        var whole = try Data(contentsOf: URL(fileURLWithPath: "/bin/ls"))
        var random = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        func next(_ bound: Int) -> Int {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            return Int(random % UInt64(bound))
        }
        for _ in 0..<40 {
            whole[next(seed % 2 == 0 ? 64 : whole.count)] = UInt8(truncatingIfNeeded: next(256))
        }
        let headers = whole.count - next(4000)
        for bytes in [whole, whole.prefix(next(whole.count)), whole.prefix(headers)] {
            let file = ELFFile(bytes)
            _ = file?.functions.count
        }
    }
}
