package import Strata

/// What operations are called in labels and reports.
package enum MapOperationLabels {
    /// All operations with what they are called.
    package static let all: [(operation: MapOperation, label: String)] = MapOperation.allCases.map { ($0, $0.label) }
}

extension MapOperation {
    /// The value of the label `operation`.
    package var label: String {
        switch self {
        case .get: "get"
        case .set: "set"
        case .remove: "remove"
        case .update: "update"
        case .getMany: "get_many"
        }
    }
}
