internal import GRDB

/// The tables. All are STRICT: a column holds what it says or nothing.
enum StoreSchema {
  /// `Carp`, in the header of the file.
  static let applicationID = 0x43617270
  static let version = 2

  /// In the order in which they are made.
  static let tables = [
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE model (model INTEGER PRIMARY KEY, name TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, card_sha256 TEXT NOT NULL) STRICT
    """,
    """
    CREATE TABLE image (image INTEGER PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL, patient TEXT, visit TEXT, total REAL, \
    width INTEGER NOT NULL, height INTEGER NOT NULL) STRICT
    """,
    """
    CREATE TABLE prediction (image INTEGER, model INTEGER, score REAL NOT NULL, class INTEGER, class_name TEXT, member_agreement REAL, \
    PRIMARY KEY (image, model)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE map (image INTEGER, model INTEGER, place INTEGER, method TEXT NOT NULL, layer TEXT NOT NULL, height INTEGER NOT NULL, width INTEGER NOT NULL, \
    intercept REAL NOT NULL, in_regions REAL NOT NULL, elsewhere REAL NOT NULL, residual REAL NOT NULL, sum_positive REAL NOT NULL, \
    sum_negative REAL NOT NULL, slope REAL NOT NULL, entropy REAL, spread REAL, gini REAL, padding_mass REAL, centre_enrichment REAL, cells BLOB NOT NULL, \
    grid_x REAL NOT NULL, grid_y REAL NOT NULL, grid_width REAL NOT NULL, grid_height REAL NOT NULL, PRIMARY KEY (image, model, place)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE region (image INTEGER, model INTEGER, map INTEGER, place INTEGER, key TEXT NOT NULL, kind TEXT NOT NULL, pixels INTEGER NOT NULL, \
    points REAL NOT NULL, points_positive REAL NOT NULL, points_negative REAL NOT NULL, mass REAL, area_share REAL NOT NULL, enrichment REAL, \
    rank_accuracy REAL, top_share REAL, auc REAL, auprc REAL, iou REAL, ceiling REAL, reach REAL NOT NULL, peak_inside INTEGER, chance REAL, chance_deviation REAL, \
    p REAL, draws BLOB, PRIMARY KEY (image, model, map, place)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE grade (image INTEGER, place INTEGER, item TEXT NOT NULL, grade INTEGER NOT NULL, PRIMARY KEY (image, place)) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE landmark (image INTEGER, place INTEGER, key TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL, PRIMARY KEY (image, place)) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE model_check (model INTEGER, place INTEGER, name TEXT NOT NULL, member TEXT NOT NULL, value REAL NOT NULL, images INTEGER NOT NULL, \
    sentence TEXT NOT NULL, PRIMARY KEY (model, place)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE covering (image INTEGER, model INTEGER, place INTEGER, key TEXT NOT NULL, pixels INTEGER NOT NULL, score REAL NOT NULL, \
    PRIMARY KEY (image, model, place)) STRICT, WITHOUT ROWID
    """,
  ]

  static func make(in database: Database) throws {
    for table in tables { try database.execute(sql: table) }
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// - Throws: `StoreError.damaged` where the tables are not these, letter by letter.
  static func check(_ database: Database) throws {
    let id = try Int.fetchOne(database, sql: "PRAGMA application_id"), version = try Int.fetchOne(database, sql: "PRAGMA user_version")
    guard id == applicationID else { throw StoreError.damaged("it was not written by Carpus") }
    guard version == self.version else { throw StoreError.damaged("it was written by another version of Carpus") }
    let found = try String.fetchAll(database, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    guard Set(found) == Set(tables), found.count == tables.count else { throw StoreError.damaged("its tables are not those of an audit") }
  }
}
