/// Why a program can't be started or watched.
public struct WatchError: Error, CustomStringConvertible, Equatable {
    /// What is in the way.
    public let description: String
    /// With what status a shell would end in its place: 127 if the program isn't found, 126 if it can't be run, 1 for anything else.
    public let status: Int32

    init(_ description: String, status: Int32 = 1) {
        self.description = description
        self.status = status
    }
}
