import CStrata

/// The memory of tables: zeroed, small blocks from the allocator, large ones as untouched pages from the kernel.
@usableFromInline
enum MapMemory {
    /// Blocks from this size on come from the kernel.
    ///
    /// Clearing a smaller one takes about a microsecond, a call into the kernel for a larger one two and a half, and
    /// its pages are cleared when they are first touched.
    static let mappedFrom = 32 << 10

    /// What one write gives back to the kernel at most: four pages, about 4 µs.
    static let pieceByteCount = 16 << 10

    static func allocateZeroed(_ byteCount: Int) -> UnsafeMutableRawPointer {
        guard byteCount >= mappedFrom else { return strata_allocate_zeroed(byteCount).unsafelyUnwrapped }
        guard let pages = strata_pages_allocate(mappedByteCount(byteCount)) else {
            preconditionFailure("no memory for a table of \(byteCount) bytes")
        }
        return pages
    }

    /// Gives a block back, or what is left of it after `released` bytes went in pieces.
    static func release(_ memory: UnsafeMutableRawPointer, _ byteCount: Int, from released: Int = 0) {
        if byteCount >= mappedFrom {
            strata_pages_release(memory + released, mappedByteCount(byteCount) - released)
        } else {
            strata_deallocate(memory)
        }
    }

    /// Gives back the next piece of a block, beginning at its start.
    ///
    /// - Parameters:
    ///   - memory: The block.
    ///   - byteCount: The size it was allocated with.
    ///   - released: How much of the block has been given back before.
    /// - Returns: How much of it has been given back now; at least `byteCount` when nothing is left.
    static func releasePiece(of memory: UnsafeMutableRawPointer, _ byteCount: Int, released: Int) -> Int {
        guard byteCount >= mappedFrom else {
            strata_deallocate(memory)
            return byteCount
        }
        let piece = min(mappedByteCount(byteCount) - released, pieceByteCount)
        strata_pages_release(memory + released, piece)
        return released + piece
    }

    /// What the allocator takes for a block of this size: a multiple of 16 with a word of its own, at least 32.
    @usableFromInline
    static func blockByteCount(_ byteCount: Int) -> Int { max((byteCount + 8 + 15) & ~15, 32) }

    private static func mappedByteCount(_ byteCount: Int) -> Int { (byteCount + 4095) & ~4095 }
}
