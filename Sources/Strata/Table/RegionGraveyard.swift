import CStrata

/// Table memory on its way back to the kernel, a piece at a time.
///
/// Unmapping megabytes in one call takes hundreds of microseconds, which one unlucky write would pay for. Each write
/// gives back at most 64 KiB instead (about 14 µs, 1 write in thousands).
@usableFromInline
struct RegionGraveyard: ~Copyable {
    private struct Plot {
        var base: UnsafeMutableRawPointer
        var byteCount: Int
    }

    private static let pieceByteCount = 64 << 10

    private var plots: [Plot] = []

    @usableFromInline
    init() {}

    /// Bytes not yet given back.
    @usableFromInline var byteCount: Int { plots.reduce(0) { $0 + $1.byteCount } }
    @usableFromInline var isEmpty: Bool { plots.isEmpty }

    /// Takes a region nobody uses any more.
    ///
    /// Small ones go back to the allocator at once.
    @usableFromInline
    mutating func bury(_ base: UnsafeMutableRawPointer, byteCount: Int, isMapped: Bool) {
        if isMapped {
            plots.append(Plot(base: base, byteCount: byteCount))
        } else {
            strata_deallocate(base)
        }
    }

    /// Gives one piece back to the kernel.
    @usableFromInline
    mutating func releasePiece() {
        guard var plot = plots.popLast() else { return }
        let piece = min(plot.byteCount, Self.pieceByteCount)
        plot.byteCount -= piece
        strata_pages_release(plot.base + plot.byteCount, piece)
        if plot.byteCount > 0 { plots.append(plot) }
    }

    @usableFromInline
    mutating func releaseAll() {
        for plot in plots { strata_pages_release(plot.base, plot.byteCount) }
        plots.removeAll()
    }

    /// Frees a region in one go.
    @usableFromInline
    static func release(_ base: UnsafeMutableRawPointer, byteCount: Int, isMapped: Bool) {
        if isMapped {
            strata_pages_release(base, byteCount)
        } else {
            strata_deallocate(base)
        }
    }
}
