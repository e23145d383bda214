#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads small files whole, with errors that say what the system said.
package enum FileContents {
    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - maximumByteCount: The most it may hold; a guard against naming a device or a dump by mistake.
    /// - Returns: The bytes.
    /// - Throws: ``ConfigurationError`` if it can't be read or is longer; the reason names the path.
    package static func read(_ path: String, maximumByteCount: Int) throws(ConfigurationError) -> [UInt8] {
        guard let file = fopen(path, "rbe") else {
            throw ConfigurationError(reason: "can't open \(path): \(message(errno))")
        }
        defer { fclose(file) }
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            contents += chunk[..<count]
            guard contents.count <= maximumByteCount else {
                throw ConfigurationError(reason: "\(path) is longer than the \(maximumByteCount) bytes it may have")
            }
            if count < chunk.count {
                guard ferror(file) == 0 else {
                    throw ConfigurationError(reason: "can't read \(path): \(message(errno))")
                }
                return contents
            }
        }
    }

    /// The system's words for an error number.
    package static func message(_ number: Int32) -> String {
        String(cString: strerror(number))
    }
}
