import Foundation

/// A file or folder that wasn't looked at, though it was named or found.
public struct SkippedFile: Sendable, Hashable {
    /// Why.
    public enum Reason: Sendable, Hashable, CustomStringConvertible {
        /// The system doesn't give it, with its reason.
        case unreadable(String)
        /// It is a device, a pipe or a socket.
        case notAFile
        /// It has more bytes than are read.
        case tooLarge(limit: Int)
        /// It isn't text in UTF-8.
        case notUTF8
        /// What it says is nested deeper than is walked.
        case tooDeep(levels: Int)
        /// It opens more brackets in a row than can be parsed in reasonable time.
        case tooManyBrackets(limit: Int)

        /// What to tell the user.
        public var description: String {
            switch self {
            case .unreadable(let reason): "can't be read: \(reason)"
            case .notAFile: "isn't a file"
            case .tooLarge(let limit): "has more than \(limit >> 20) MB"
            case .notUTF8: "isn't text in UTF-8"
            case .tooDeep(let levels): "is nested more than \(levels) levels deep"
            case .tooManyBrackets(let limit): "opens more than \(limit) brackets in a row"
            }
        }
    }

    /// The path as found.
    public let path: String
    /// Why.
    public let reason: Reason

    /// Names a file and a reason.
    public init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }
}

/// Reads source files, with bounds.
enum SourceReading {
    /// The most bytes of a file that is read: what people write is smaller by an order of magnitude, and a tree takes about a hundred times its text.
    static let maximumBytes = 8 << 20

    /// The text of a file.
    ///
    /// A byte order mark stays part of the text, so that offsets into the text are offsets into the file.
    static func text(of path: String) -> Result<String, SkippedFile.Reason.AsError> {
        var status = stat()
        guard stat(path, &status) == 0 else { return .failure(.init(.unreadable(String(cString: strerror(errno))))) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .failure(.init(.notAFile)) }
        guard status.st_size <= maximumBytes else { return .failure(.init(.tooLarge(limit: maximumBytes))) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(.init(.unreadable(String(cString: strerror(errno))))) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // One byte more than allowed: the file may have grown since.
        guard let data = try? handle.read(upToCount: maximumBytes + 1) ?? Data() else {
            return .failure(.init(.unreadable("the file system failed")))
        }
        guard data.count <= maximumBytes else { return .failure(.init(.tooLarge(limit: maximumBytes))) }
        guard let text = String(validating: data, as: UTF8.self) else { return .failure(.init(.notUTF8)) }
        return .success(text)
    }
}

extension SkippedFile.Reason {
    /// The reason as an error.
    struct AsError: Error {
        let reason: SkippedFile.Reason
        init(_ reason: SkippedFile.Reason) { self.reason = reason }
    }
}
