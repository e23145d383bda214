import StrataRESP
import Testing

@Suite
struct RESPKeyScannerTests {
    private func keys(_ text: String, from offset: Int = 0) -> [String] {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { bytes in
            var scanner = RESPKeyScanner(bytes, from: offset)
            var keys: [String] = []
            while let key = scanner.next() { keys.append(String(decoding: key, as: UTF8.self)) }
            return keys
        }
    }

    @Test
    func findsTheFirstKeyOfEachRequest() {
        let get = "*2\r\n$3\r\nGET\r\n$3\r\none\r\n"
        let set = "*3\r\n$3\r\nSET\r\n$5\r\nkey 2\r\n$0\r\n\r\n"
        #expect(keys(get + set + get) == ["one", "key 2", "one"])
        #expect(keys(get + set, from: get.utf8.count) == ["key 2"])
    }

    @Test(arguments: [
        "", "*", "*2", "*2\r\n", "PING\r\n", "*1\r\n$4\r\nPING\r\n", "*-1\r\n", "*2\r\n$3\r\nGET\r\n$99\r\nkey\r\n",
        "*2\r\n$3\r\nGET\r\n$3\r\nke", "*2\r\n$3\r\nGET\r\n$3\r\nkey\r", "*99999999999\r\n", "*2\r\n$3\r\nGET\r\n$x\r\n",
        "*2\r\n$9999999\r\n",
    ])
    func stopsAtAnythingUnusual(text: String) {
        #expect(keys(text).isEmpty)
    }
}
