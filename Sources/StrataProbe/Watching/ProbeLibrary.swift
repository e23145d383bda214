import CStrataProbe
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The library that is preloaded into a watched program: kept in this program's data, given to the other as a file without a name.
///
/// The other opens it through this process's descriptors, so this process must go on until the other has started. Nothing is left on the disk.
final class ProbeLibrary {
    private let descriptor: Int32

    /// Where the other program finds it.
    var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

    /// - Throws: ``WatchError`` if this program was built without it or the system gives no memory.
    init() throws {
        guard probeImage.utf8CodeUnitCount > 0, strata_probe_is_supported() else {
            throw WatchError("programs can be watched on Linux with x86-64 processors only")
        }
        let text = probeImage.withUTF8Buffer { Data($0) }
        guard let image = Data(base64Encoded: text) else {
            throw WatchError("the probe in this program's data is damaged")
        }
        descriptor = strata_probe_memory_file("strata-probe.so")
        guard descriptor >= 0 else {
            throw WatchError("no memory for the probe: \(String(cString: strerror(errno)))")
        }
        var written = 0
        while written < image.count {
            let count = image.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, image.count - written) }
            guard count > 0 else {
                throw WatchError("the probe can't be written to memory: \(String(cString: strerror(errno)))")
            }
            written += count
        }
    }

    deinit { close(descriptor) }
}
