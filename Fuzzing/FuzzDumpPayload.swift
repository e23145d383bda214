// Fuzzer of the decoder of DUMP payloads.
//
// The input is what a payload has in front of its footer; version and checksum are added, as they would keep every
// changed payload from the code that is to be tested. The bare input is tried too.

import Strata

/// Tests one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDumpPayload(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    decode(Array(input))
    var payload = Array(input)
    withUnsafeBytes(of: DumpPayload.version.littleEndian) { payload.append(contentsOf: $0) }
    let checksum = payload.withUnsafeBytes { PayloadChecksum.of($0) }
    withUnsafeBytes(of: checksum.littleEndian) { payload.append(contentsOf: $0) }
    decode(payload)
    return 0
}

/// Decodes a payload and checks that what comes out lies inside of it.
private func decode(_ payload: [UInt8]) {
    payload.withUnsafeBytes { bytes in
        guard let content = try? DumpPayload.decode(bytes) else { return }
        switch content {
        case .string(let value): precondition(value.count <= bytes.count, "a string longer than the payload")
        case .hash(let fields):
            var byteCount = 0
            for field in fields {
                byteCount += Array(field.name).count + Array(field.value).count
            }
            precondition(!fields.isEmpty && byteCount <= bytes.count, "fields longer than the payload")
        }
    }
}
