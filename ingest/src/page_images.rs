//! Page images for screens, from the decode workers, with a cache on disk. (owner: helper-2, in work)
