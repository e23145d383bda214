public import Foundation

extension AllocationReport {
    /// The report as JSON, keys in alphabetical order.
    ///
    /// - Throws: Nothing that a report can hold makes this fail.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}
