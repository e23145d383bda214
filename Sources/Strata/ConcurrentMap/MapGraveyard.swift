/// Tables that were emptied, on their way back to the kernel, oldest first.
///
/// A table waits here for its grace period; then each write to the shard gives back one small piece of it. Unmapping
/// megabytes in one call takes hundreds of microseconds, which one unlucky write would pay for.
///
/// A graveyard belongs to a shard and is used under its lock.
@usableFromInline
struct MapGraveyard {
    private struct Grave {
        var table: MapTable
        var tag: UInt64
    }

    private var graves: [Grave] = []
    /// The number of tables that wait.
    @usableFromInline private(set) var tableCount = 0
    /// Visits since the epoch was last asked to move on.
    private var patience = 0

    /// One visit in this many asks the epoch to move on, which costs microseconds.
    private static let visitsPerAdvance = 64

    /// Bytes not given back yet.
    @usableFromInline private(set) var byteCount = 0

    @usableFromInline
    init() {}

    /// Whether there is nothing to do.
    ///
    /// Every write asks.
    @inlinable @inline(__always)
    var isEmpty: Bool { tableCount == 0 }

    /// Takes a table that no new reader can find and whose entries, if it has any, are looked after elsewhere.
    @usableFromInline
    mutating func bury(_ table: MapTable) {
        guard !table.isPlaceholder else { return }
        graves.append(Grave(table: table, tag: Epoch.current))
        tableCount = graves.count
        byteCount += table.totalByteCount
    }

    /// Gives one piece of the oldest table back, if its grace period is over.
    ///
    /// - Returns: Whether a piece was given back.
    @discardableResult @usableFromInline
    mutating func visit() -> Bool {
        guard let grave = graves.first else { return false }
        guard grave.tag &+ 1 < Epoch.safe else {
            patience += 1
            if patience % Self.visitsPerAdvance == 0 { Epoch.advance() }
            return false
        }
        let header = grave.table.header
        if let versions = header.pointee.versions {
            let released = MapMemory.releasePiece(
                of: versions, grave.table.versionByteCount, released: header.pointee.releasedByteCount)
            let isDone = released >= grave.table.versionByteCount
            header.pointee.releasedByteCount = isDone ? 0 : released
            if isDone { header.pointee.versions = nil }
        } else {
            header.pointee.releasedByteCount = MapMemory.releasePiece(
                of: header.pointee.controls, header.pointee.byteCount, released: header.pointee.releasedByteCount)
        }
        if header.pointee.versions == nil, header.pointee.releasedByteCount >= header.pointee.byteCount {
            grave.table.deallocateHeader()
            graves.removeFirst()
            tableCount = graves.count
        }
        byteCount = remainingByteCount
        return true
    }

    /// Gives everything back at once.
    ///
    /// Only when no reader can use the map any more.
    @usableFromInline
    mutating func releaseAll() {
        while let grave = graves.first {
            let header = grave.table.header
            if let versions = header.pointee.versions {
                MapMemory.release(versions, grave.table.versionByteCount, from: header.pointee.releasedByteCount)
                header.pointee.releasedByteCount = 0
            }
            MapMemory.release(
                header.pointee.controls, header.pointee.byteCount, from: header.pointee.releasedByteCount)
            grave.table.deallocateHeader()
            graves.removeFirst()
        }
        tableCount = 0
        byteCount = 0
    }

    private var remainingByteCount: Int {
        graves.reduce(0) { $0 + $1.table.totalByteCount - $1.table.header.pointee.releasedByteCount }
    }
}
