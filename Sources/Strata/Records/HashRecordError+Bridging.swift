// Codable's own errors, both ways.
//
// Users' code expects a container to throw `DecodingError` and `EncodingError`: some catch them and try another way.
// So that is what the containers throw, with our error as the `underlyingError` of the context. At the top our error is
// taken out again; one that a user's type made itself is translated.

extension HashRecordError {
    /// The error of this type that an error from a type's `init(from:)` or `encode(to:)` amounts to.
    init(bridging error: any Error, paths: FieldPath) {
        switch error {
        case let error as HashRecordError: self = error
        case let error as DecodingError: self.init(bridging: error, paths: paths)
        case EncodingError.invalidValue(let value, let context):
            if let error = context.underlyingError as? HashRecordError {
                self = error
            } else {
                self.init(
                    .invalidValue, path: Self.path(of: context.codingPath, paths: paths),
                    found: "a value of \(Swift.type(of: value))", explanation: context.debugDescription,
                    underlying: context.underlyingError
                )
            }
        default: self.init(.other, path: "", underlying: error)
        }
    }

    private init(bridging error: DecodingError, paths: FieldPath) {
        let code: Code
        let context: DecodingError.Context
        var keys: [any CodingKey] = []
        var expected: String?
        switch error {
        case .typeMismatch(let type, let details):
            (code, context, expected) = (.typeMismatch, details, "\(type)")
        case .valueNotFound(let type, let details):
            (code, context, expected) = (.missingValue, details, "\(type)")
        case .keyNotFound(let key, let details):
            (code, context, keys) = (.missingField, details, [key])
        case .dataCorrupted(let details):
            (code, context) = (.invalidValue, details)
        @unknown default:
            self.init(.other, path: "", underlying: error)
            return
        }
        if let error = context.underlyingError as? HashRecordError {
            self = error
            return
        }
        self.init(
            code, path: Self.path(of: context.codingPath + keys, paths: paths), expected: expected,
            explanation: context.debugDescription, underlying: context.underlyingError
        )
    }

    private static func path(of keys: [any CodingKey], paths: FieldPath) -> String {
        FieldRendering.path(of: paths.path(of: keys))
    }

    /// This error in the form that `Codable` prescribes for a decoder.
    func decodingError(_ type: any Any.Type, key: (any CodingKey)? = nil, codingPath: [any CodingKey]) -> DecodingError
    {
        let context = DecodingError.Context(
            codingPath: codingPath, debugDescription: description, underlyingError: self
        )
        switch (code, key) {
        case (.typeMismatch, _): return .typeMismatch(type, context)
        case (.missingValue, _): return .valueNotFound(type, context)
        case (.missingField, .some(let key)): return .keyNotFound(key, context)
        default: return .dataCorrupted(context)
        }
    }

    /// This error in the form that `Codable` prescribes for an encoder.
    func encodingError(_ value: Any, codingPath: [any CodingKey]) -> EncodingError {
        .invalidValue(
            value,
            EncodingError.Context(codingPath: codingPath, debugDescription: description, underlyingError: self)
        )
    }
}
