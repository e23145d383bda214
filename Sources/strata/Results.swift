import Foundation

/// What a command was asked to find out, on its standard output.
enum Results {
    /// Why results could not be printed.
    struct Failure: Error, CustomStringConvertible {
        /// What is wrong, for people.
        let description: String
    }

    /// Prints text as it is.
    ///
    /// - Throws: ``Failure`` if the output is closed or takes nothing more: results that nobody gets are no success.
    static func print(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno != EINTR else { continue }
                throw Failure(description: "can't write the results: \(String(cString: strerror(errno)))")
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
